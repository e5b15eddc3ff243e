"""Screenplays made by chance, of our own words, with the lines that they say."""

from __future__ import annotations

from random import Random

from xrdrama.story import Line, Story

Said = list[tuple[str, str]]

_PEOPLE = ("MARA", "OLD TIBO", "THE FERRYMAN", "JO-ANN", "ÉLODIE", "DR. WEN", "船夫", "SIX")
_STARTS = (
    "I counted",
    "Nobody saw",
    "Why would you hide",
    "Give me",
    "We never sold",
    "Ask me about",
)
_THINGS = (
    "the blue ladder",
    "eleven oars",
    "my mother's radio",
    "a jar of rain",
    "the last ticket",
)
_TAILS = (
    ".", "!", "?", " - and then it rained.", ", twice...", " at 9:45.", ' ("for luck").',
    " & a coat.", "; you know it.", " — or don't.", " #3 of 4.", " 100% of it.", " [sic].",
)  # fmt: skip
_PLACES = ("BOAT SHED", "TOLL BRIDGE", "ROOF GARDEN", "LIGHTHOUSE KITCHEN")
_MANNERS = ("quietly", "beat", "to the dog", "V.O.", "O.S.")


def sentence(chance: Random) -> str:
    """A sentence of our own, with the signs that people write."""
    return f"{chance.choice(_STARTS)} {chance.choice(_THINGS)}{chance.choice(_TAILS)}"


def screenplay(seed: int) -> list[tuple[str, ...]]:
    """Rows of a screenplay: (heading, text), (action, text), (speech, name, manner, texts...),
    (dual, speech, speech), (other, text)."""
    chance = Random(seed)
    rows: list[tuple[str, ...]] = []
    for number in range(chance.randint(1, 5)):
        rows.append(("heading", f"INT. {chance.choice(_PLACES)} {number} - NIGHT"))
        for _ in range(chance.randint(1, 8)):
            kind = chance.choice(("action", "speech", "speech", "speech", "other"))
            if kind == "speech":
                rows.append(speech(chance))
            else:
                rows.append((kind, sentence(chance)))
    rows.append(speech(chance))
    return rows


def speech(chance: Random) -> tuple[str, ...]:
    """A name, a manner or "", and one or two texts with a parenthetical between them."""
    manner = chance.choice(("", "", *_MANNERS))
    texts = [sentence(chance) for _ in range(chance.randint(1, 2))]
    return ("speech", chance.choice(_PEOPLE), manner, *texts)


def said_in(rows: list[tuple[str, ...]]) -> Said:
    """Who says what in the rows, with the roles that xrdrama gives them."""
    roles = {
        "MARA": "mara", "OLD TIBO": "old_tibo", "THE FERRYMAN": "the_ferryman", "SIX": "six",
        "JO-ANN": "jo_ann", "ÉLODIE": "élodie", "DR. WEN": "dr_wen", "船夫": "船夫",
    }  # fmt: skip
    return [(roles[row[1]], text) for row in rows if row[0] == "speech" for text in row[3:]]


def said(story: Story) -> Said:
    """Who says what in a story, in the order of its file."""
    lines = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
    return [(line.speaker, line.text) for line in lines]


def as_fountain(rows: list[tuple[str, ...]], chance: Random) -> str:
    """The rows as Fountain, with notes, boneyard, sections, synopses and transitions between."""
    parts = ["Title: Made by chance\nAuthor: Nobody"]
    for row in rows:
        if row[0] == "heading":
            parts.append(row[1])
        elif row[0] == "action":
            parts.append(f"!{row[1]}")
        elif row[0] == "other":
            marks = ("[[{}]]", "/* {} */", "# ACT {}", "= {}", "> {} TO:", "===", "> {} <")
            parts.append(chance.choice(marks).format(row[1]))
        else:
            name = row[1] if row[1].isupper() else f"@{row[1]}"
            manner = f" ({row[2]})" if row[2] else ""
            texts = "\n(waits)\n".join(text.replace("#3", "#3") for text in row[3:])
            parts.append(f"{name}{manner}\n{texts}")
    return "\n\n".join(parts) + "\n"


def as_fdx(rows: list[tuple[str, ...]], chance: Random) -> str:
    """The rows as Final Draft XML, some of the speeches in two columns."""
    parts = ["<FinalDraft><Content>"]
    for row in rows:
        if row[0] == "heading":
            parts.append(_paragraph("Scene Heading", row[1]))
        elif row[0] == "action":
            parts.append(_paragraph("Action", row[1]))
        elif row[0] == "other":
            parts.append(_paragraph(chance.choice(("Transition", "Lyrics", "End of Act")), row[1]))
        else:
            manner = f" ({row[2]})" if row[2] else ""
            texts = [_paragraph("Dialogue", text) for text in row[3:]]
            words = _paragraph("Parenthetical", "(waits)").join(texts)
            speech = _paragraph("Character", row[1] + manner) + words
            dual = f"<Paragraph><DualDialogue>{speech}</DualDialogue></Paragraph>"
            parts.append(dual if chance.random() < 0.2 else speech)
    return "\n".join([*parts, "</Content></FinalDraft>"]) + "\n"


def _paragraph(kind: str, text: str) -> str:
    for sign, name in (("&", "&amp;"), ("<", "&lt;")):
        text = text.replace(sign, name)
    middle = len(text) // 2
    return (
        f'<Paragraph Type="{kind}"><Text>{text[:middle]}</Text>'
        f"<Text>{text[middle:]}</Text></Paragraph>"
    )
