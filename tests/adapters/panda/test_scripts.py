"""Text of every script: joined, in order, with ink and never a box, within the safe area."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from xrdrama.adapters.panda.lettering.measures import LEAST, Words, letters, safe_area
from xrdrama.adapters.panda.lettering.page import Option, Page, Said, arrange
from xrdrama.adapters.panda.lettering.plates import draw_block, lay_caption, lay_card
from xrdrama.adapters.panda.lettering.text import fonts
from xrdrama.adapters.panda.lettering.text.bidi import levels_of, line_levels, visual_runs
from xrdrama.adapters.panda.lettering.text.breaking import wrapped
from xrdrama.adapters.panda.lettering.text.coverage import Coverage, read_coverage
from xrdrama.adapters.panda.lettering.text.fonts import legible, missing, pieces
from xrdrama.adapters.panda.lettering.text.shaping import Line, paragraph, shaped

ENGLISH = "She said that the lantern which hung at the end of the lane had been lit for somebody."
TEXTS = {
    "ar": "قالت إن الفانوس المعلّق في آخر الزقاق (رقم 1234) أُضيء لشخص لم يعد إلى البيت أبداً، ١٢٣؟",
    "he": "היא אמרה שהפנס מספר 42 בסוף הסמטה (lantern) הודלק עבור מישהו שלא חזר הביתה.",
    "fa": "گفت چراغی که در انتهای کوچه آویزان بود برای کسی روشن شده که هرگز به خانه نیامد.",
    "th": "เธอบอกว่าโคมที่แขวนอยู่ปลายตรอกถูกจุดไว้เพื่อใครบางคนที่ไม่เคยกลับบ้าน",
    "hi": "उसने कहा कि गली के अंत में लटकती लालटेन क्षत्रिय श्रृंखला के लिए जलाई गई थी।",
    "bn": "সে বলেছিল গলির শেষে ঝোলানো লণ্ঠনটি কারও জন্য জ্বালানো হয়েছিল।",
    "ta": "சந்தின் முடிவில் தொங்கிய விளக்கு யாரோ ஒருவருக்காக ஏற்றப்பட்டது என்றாள்.",
    "ja": "「路地の奥の提灯は、二度と帰らなかった誰かのために灯された」と言った。（本当に？）",
    "zh": "她说：「谁也不许在第十三声钟响之前，把灯熄灭。」这灯不是给亡人的，是留给晚归的人。",
    "ko": "골목 끝에 걸린 등불은 끝내 돌아오지 않은 누군가를 위해 켜진 것이라고 그녀가 말했다.",
    "ru": "Она сказала, что фонарь в конце переулка зажгли для того, кто так и не вернулся домой.",
    "vi": "Cô ấy nói rằng chiếc đèn lồng cuối ngõ được thắp cho một người không bao giờ trở về.",
    "de": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 2,
    "am": "በመንገዱ መጨረሻ ላይ የተንጠለጠለው ፋኖስ ለአንድ ሰው የበራ ነው አለች።",
    "emoji": "Family 👩‍👩‍👧 smile 🙂 flag 🇫🇷 heart ❤️ thumb 👍🏽 and a phone ☎ é a\u0301",
    "controls": "be\u202dfore\u200b and \u2067after\u2069 \ufeffthe\u00ad \u200emarks\x07",
}
SIZES = [(640, 360), (1280, 720), (1080, 1920), (320, 180)]


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    """Restore the fonts after a test that removes some."""
    for cached in (lay_caption, lay_card, arrange, shaped, paragraph, fonts._others,
                   fonts._font_of_all, fonts.font_of):  # fmt: skip
        cached.cache_clear()


def page_of(text: str, language: str, size: tuple[int, int]) -> Page:
    words = Words(text, language)
    said = Said(Words("Lan", "en"), (words, Words(ENGLISH, "en")))
    options = (
        Option("a", (words,), "open_palm", True, 1),
        Option("b", (Words("I am coming", "en"), words), "fist", False, 2),
    )
    keys = (("1-9", "pick", "选择"), ("F11", "full screen", "全屏"))
    return arrange((said,), options, size, ring=True, legend=keys)


def ink(page: Page, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A page's picture (alpha) in room around it, so that what goes beyond the edges is seen."""
    w, h = size
    image = Image.new("RGBA", (3 * w, 3 * h))
    for block, x, y in (*page.captions, *page.cards, *([page.legend] if page.legend else [])):
        image.alpha_composite(Image.fromarray(draw_block(block)), (w + x, 2 * h - y - block.height))
    return np.asarray(image)[:, :, 3]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", list(TEXTS))
def test_text_of_every_script_stays_in_the_safe_area(language: str, size: tuple[int, int]) -> None:
    page = page_of(TEXTS[language], language, size)
    alpha = ink(page, size)
    rows, columns = np.nonzero(alpha)
    safe = safe_area(size)
    assert size[0] + safe.left <= columns.min() and columns.max() < size[0] + safe.right
    assert 2 * size[1] - safe.top <= rows.min() and rows.max() < 2 * size[1] - safe.bottom
    if page.ring:
        x, y, side = page.ring
        assert safe.left <= x and x + side <= safe.right
        assert safe.bottom <= y and y + side <= safe.top
    # Nothing covers anything else.
    boxes = [(b.x, b.y, b.x + b.block.width, b.y + b.block.height)
             for b in (*page.captions, *page.cards, page.legend) if b]  # fmt: skip
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3]
            assert apart or other[1] >= one[3]


@pytest.mark.parametrize("language", list(TEXTS))
def test_every_character_has_ink_and_no_box(language: str) -> None:
    line = shaped(paragraph(TEXTS[language], language))
    assert line.glyphs and all(glyph.glyph for glyph in line.glyphs)  # glyph 0 is the box
    assert missing(TEXTS[language], language) == []
    # Letters stay within their plate: nothing is cut at its edges.
    block = lay_caption(Words("Lan"), (Words(TEXTS[language], language),), (640, 360), (576, 324))
    picture = draw_block(block).astype(int)
    plate = picture[block.height // 2, 2, :3]
    edge = np.concatenate([picture[:2].reshape(-1, 4), picture[-2:].reshape(-1, 4)])
    assert block.fits and (edge[:, :3] - plate).max() < 60
    sides = np.concatenate([picture[:, :3].reshape(-1, 4), picture[:, -3:].reshape(-1, 4)])
    assert (sides[:, :3] - plate).max() < 60


def order(line: Line) -> list[int]:
    """The clusters of a line from left to right."""
    return list(dict.fromkeys(glyph.cluster for glyph in line.glyphs))


def test_arabic_is_joined_and_runs_right_to_left() -> None:
    word = "قلب"
    joined = [glyph.glyph for glyph in shaped(paragraph(word, "ar")).glyphs]
    alone = [shaped(paragraph(c, "ar")).glyphs[0].glyph for c in reversed(word)]
    assert len(joined) == 3 and all(a != b for a, b in zip(joined, alone, strict=True))
    assert order(shaped(paragraph(word, "ar"))) == [2, 1, 0]


def test_numbers_and_latin_in_hebrew_keep_their_order() -> None:
    text = "אב 42 (xr) ג"
    line = shaped(paragraph(text, "he"))
    seen = "".join(text[i] for i in order(line))
    assert seen == "ג (rx) 42 בא".replace("rx", "xr").replace("(", "<").replace(")", "(").replace(
        "<", ")"
    )


def test_a_line_in_an_unknown_direction_runs_as_its_language_does() -> None:
    assert paragraph("123!", "ar").right_to_left
    assert not paragraph("123!", "en").right_to_left
    assert paragraph("שלום", "en").right_to_left  # the text says more than its language


def test_hindi_conjuncts_and_thai_marks_are_formed() -> None:
    assert len(shaped(paragraph("क्ष", "hi")).glyphs) < 3
    marks = shaped(paragraph("ที่", "th")).glyphs
    assert marks[-1].x < shaped(paragraph("ท", "th")).width  # above the consonant, not behind it


def test_an_emoji_sequence_is_one_picture_in_colour() -> None:
    line = shaped(paragraph("👩‍👩‍👧", "en"))
    assert len(line.glyphs) == 1
    block = lay_caption(Words(""), (Words("🙂", "en"),), (640, 360), (576, 324))
    colours = draw_block(block)[:, :, :3].astype(int)
    assert (colours.max(axis=2) - colours.min(axis=2)).max() > 100  # yellow


def lines_of(text: str, language: str, width: float) -> list[str]:
    of = paragraph(text, language)
    return [of.text[a:b] for a, b in wrapped(of, width).places]


def test_thai_breaks_between_words() -> None:
    lines = lines_of(TEXTS["th"], "th", 12.0)
    assert len(lines) > 1 and "".join(lines) == TEXTS["th"]
    thai = "เธอ บอก ว่า โคม ที่ แขวน อยู่ ปลาย ตรอก ถูก จุด ไว้ เพื่อ"
    thai += " ใคร บาง คน ไม่ เคย กลับ บ้าน"
    words = thai.split()
    for line in lines:
        assert any(line.startswith(word) for word in words)
        assert any(line.endswith(word) for word in words)


@pytest.mark.parametrize("width", [4.0, 5.0, 7.0, 9.0, 11.0])
def test_closing_punctuation_is_never_at_the_beginning_of_a_line(width: float) -> None:
    for language in ("zh", "ja"):
        for line in lines_of(TEXTS[language], language, width):
            assert line[0] not in "。，、！？；：」』）】…"
            assert line[-1] not in "「『（【"


def test_korean_and_japanese_break_between_phrases() -> None:
    assert all(line.split()[-1] in TEXTS["ko"].split() for line in lines_of(TEXTS["ko"], "ko", 14))
    assert lines_of("提灯は二度と帰らなかった", "ja", 8.0)[0].endswith(("は", "と"))


def test_a_long_word_breaks_between_whole_characters() -> None:
    word = "e\u0301" * 40 + "👩‍👩‍👧" * 10
    lines = lines_of(word, "en", 10.0)
    assert len(lines) > 2 and "".join(lines) == word
    assert not any(line.startswith(("\u0301", "\u200d")) for line in lines)
    assert not any(line.endswith("\u200d") for line in lines)


def test_a_soft_hyphen_is_seen_only_where_a_line_breaks() -> None:
    text = "Fahr\u00adgast\u00adschiff\u00adverkehr " * 12
    block = lay_caption(Words(""), (Words(text, "de"),), (640, 360), (200, 324))
    texts = [row.line.text for row in block.rows]
    assert any(text.endswith("-") for text in texts)
    assert not any("-" in text[:-1] for text in texts)


def test_more_lines_come_before_smaller_letters_and_those_before_a_cut() -> None:
    size = (640, 360)
    short = lay_caption(Words(""), (Words("Stay."),), size, (576, 324))
    longer = lay_caption(Words(""), (Words(ENGLISH * 2),), size, (576, 324))
    long = lay_caption(Words(""), (Words(ENGLISH * 8),), size, (576, 324))
    endless = lay_caption(Words(""), (Words(ENGLISH * 60),), size, (576, 324))
    assert len(short.rows) == 1 and len(longer.rows) >= 3
    assert short.rows[0].size == longer.rows[0].size > long.rows[0].size
    assert long.fits and long.rows[-1].line.text.endswith("somebody.")
    assert endless.rows[0].size >= int(letters(size) * LEAST)
    # The control: what cannot be shown is marked, in the picture and for `check`.
    assert not endless.fits and endless.rows[-1].line.text.endswith("…")


def test_cards_of_right_to_left_options_are_mirrored() -> None:
    def cards(texts: tuple[str, str]) -> Page:
        options = (
            Option("a", (Words(texts[0]),), "fist", False, 1),
            Option("b", (Words(texts[1]),), "fist", False, 2),
        )
        return arrange((), options, (640, 360), ring=True)

    plain, mirrored = cards(("Stay", "Go")), cards(("שב", "לך"))
    assert plain.cards[0].x < plain.cards[1].x and mirrored.cards[0].x > mirrored.cards[1].x
    assert plain.ring and plain.ring[0] > plain.cards[1].x
    assert mirrored.ring and mirrored.ring[0] < mirrored.cards[1].x
    block = mirrored.cards[0].block
    assert block.keys[0].x > block.width / 2 and block.rows[0].x < block.hand_at


# -- without a font -----------------------------------------------------------------------------


@pytest.fixture
def latin_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any font but the one in Pillow."""
    monkeypatch.setattr(fonts, "installed", dict)


@pytest.mark.usefixtures("latin_only")
def test_what_no_font_draws_is_named_and_replaced_by_readable_words() -> None:
    text = "Hello مرحبا بالعالم 🙂 灯"
    found = {lack.script: lack for lack in missing(text, "ar")}
    assert set(found) == {"Arabic", "Emoji", "Chinese"}
    assert found["Arabic"].package == "fonts-noto-core" and "م U+0645" in str(found["Arabic"])
    assert found["Chinese"].package == "fonts-noto-cjk"
    assert found["Emoji"].package == "fonts-noto-color-emoji"
    plain = legible(text, "ar").replace("\u2066", "").replace("\u2069", "")
    assert plain.split(maxsplit=1)[1] == (
        "[no Arabic font] [slightly smiling face] [no Chinese font]"
    )
    line = shaped(paragraph(text, "ar"))
    assert line.glyphs and all(glyph.glyph for glyph in line.glyphs)


def test_with_the_fonts_nothing_is_missing_or_replaced() -> None:
    """The negative control."""
    text = "Hello مرحبا بالعالم 🙂 灯"
    assert missing(text, "ar") == [] and legible(text, "ar") == text


def test_words_keep_one_font() -> None:
    assert len(pieces(TEXTS["vi"], "vi")) == 1
    assert {p.font for p in pieces("हिन्दी", "hi")} == {pieces("ह", "hi")[0].font}


def test_coverage_reads_what_a_font_library_reads() -> None:
    import uharfbuzz as hb

    for name in ("NotoSansArabic-Regular", "NotoColorEmoji", "NotoSans-Regular"):
        path = fonts.installed()[name]
        face = hb.Face(hb.Blob.from_file_path(str(path)))
        with path.open("rb") as file:
            ours = read_coverage(file)
        theirs = set(face.unicodes)
        assert theirs and all(code in ours for code in theirs)
        assert not any(code in ours for code in range(0x20000) if code not in theirs)


@pytest.mark.parametrize("data", [b"", b"ttcf", b"\x00\x01\x00\x00\xff\xff" + b"cmap" * 40])
def test_damaged_font_has_no_characters(data: bytes, tmp_path: Path) -> None:
    assert ord("a") not in read_coverage(BytesIO(data))
    assert 5 in Coverage([(4, 6)]) and 7 not in Coverage([(4, 6)])


# -- the order of characters --------------------------------------------------------------------


def visual(text: str, base: int | None = None) -> str:
    levels, base = levels_of(text, base)
    levels = line_levels(text, levels, base)
    return "".join(
        text[start:end] if level % 2 == 0 else text[start:end][::-1]
        for start, end, level in visual_runs(levels)
    )


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("a אב c", "a בא c"),
        ("אב 12 ג", "ג 12 בא"),
        ("אב a(b) ג", "ג a(b) בא"),
        ("a \u2067אב 1\u2069 c", "a \u20671 בא\u2069 c"),
        ("ا 12,5", "12,5 ا"),
    ],
)
def test_order_by_the_bidirectional_algorithm(text: str, seen: str) -> None:
    assert visual(text) == seen
