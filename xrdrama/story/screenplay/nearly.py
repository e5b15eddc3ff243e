"""Finds lines of a script that are read as actions but were probably meant as speech."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xrdrama.document.wording import nearest, same
from xrdrama.errors import Severity
from xrdrama.story.model import Role
from xrdrama.story.screenplay.speakers import (
    LINE_ID,
    TITLE_CARDS,
    capitals,
    has_no_case,
    is_speaker,
)

# Lan: Hi. / LAN:Hi. / LAN：你好。/ LAN (softly): Hi.
_COLON = re.compile(r"([^:：﹕∶꞉︰]{1,80}?)\s*([:：﹕∶꞉︰])(.*)")
_MANNER = re.compile(r"[(（\[].*")
_BRACKETS = re.compile(r"[()（）\[\]]")
_AROUND = "\"'“”„«»‘’*_-–—•·#>@.[]【】「」 "
"""Characters that other tools and word processors put around a name."""
_NO_COLON = re.compile(r"\s*(\([^()]*\)?)?\s*(;?)(?:\s+(\S.*))?")
_SPOKEN = re.compile(r"(I\b|[A-Z][a-z']|[“\"‘'¿¡])")
_IF = re.compile(r"(?:[\[(<{]+\s*if\b|if\s+[^:}]*[:}])\s*(.*)", re.IGNORECASE)
_ID = re.compile(rf".*\s#{LINE_ID}")

# wait 2s / sound bell gain=-6 / set trust = 2 / lan.wave / thirteenth_wakes over=2s
_CALL = re.compile(
    r"wait\s+[0-9][0-9.]*\s*(?:ms|s|m)?|sound\s+[a-z][a-z0-9_]*(?:\s+\w+(?:=\S+)?)*"
    r"|set\s+[a-z]\w*\s*=.*|(?:[a-z][a-z0-9]*[_.])+[a-z0-9_]+(?:\s+\w+=\S+)*"
    r"|(?:detour|group)\s+[a-z]\w*"
)
LONGEST = 1000
"""Longest line (in characters) that is searched for mistakes."""
NAME_ALONE = "this line has a speaker but no text"
NO_TEXT = "has no text to say"
UNSAID = "this line is read as an action, not as speech"
NO_CALL = "this line is read as an action: a cue or command begins with @"
Found = tuple[str, str, Severity]
"""Message, hint and severity."""


def nearly_said(text: str, cast: Mapping[str, Role]) -> Found | None:
    """The problem of a line that was meant as speech or has a malformed condition; None if none."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        return None
    if re.match(r"if\s", text) or re.match(r"[\[(<]+\s*if\b", text):
        return _condition(text)
    if _CALL.fullmatch(text):
        return NO_CALL, f"write @{text}", "warning"
    found = _with_colon(text, cast) or _without_colon(text, cast)
    if found is None and _ID.fullmatch(text):
        hint = "write LAN: and what is said, or delete the line id after it"
        return "this line has a line id but no speaker", hint, "warning"
    return found


def _condition(text: str) -> Found | None:
    match = _IF.fullmatch(text)
    if not match:
        return None
    inside, said = "trust >= 2", "LAN: You stayed."
    for opened, closed in (("<<", ">>"), ("[", "]"), ("(", ")"), ("", "}"), ("", ":")):
        parts = re.fullmatch(
            rf"{re.escape(opened)}\s*if\s+(.*?)\s*{re.escape(closed)}\s*(.*)", text, re.IGNORECASE
        )
        if parts:
            inside, said = parts[1], parts[2] or said
            break
    return "a condition in a script must be in braces", f"write {{if {inside}}} {said}", "error"


def _with_colon(text: str, cast: Mapping[str, Role]) -> Found | None:
    match = _COLON.fullmatch(text)
    if not match:
        return None
    head, said = match[1].strip(), match[3].strip(_AROUND)
    name = _MANNER.sub("", head).strip(_AROUND)
    if not any(map(str.isalpha, name)) or name in TITLE_CARDS:
        return None
    role, cased = _role(name, cast), not has_no_case(name)
    if not said and is_speaker(name) and (role or cased):
        return f"{name} {NO_TEXT}", "write the text after the colon", "error"
    if role:
        return _as_role(role, head)
    is_time = match[2] == ":" and match[3][:1].isdigit()  # at 12:30
    return None if is_time or not said else _as_stranger(name, cased=cased)


def _as_stranger(name: str, *, cased: bool) -> Found | None:
    """The problem of a line with a colon after a name that is not in the cast."""
    if is_speaker(name) and cased:
        return UNSAID, f"write {name}: with a plain colon and a space after it", "warning"
    if is_speaker(name) or (cased and _is_titled(name)):
        hint = f"if somebody says it, write {name.upper() if cased else name}: and add them under "
        return UNSAID, f"{hint}cast; if not, remove the colon", "warning"
    return None


def _as_role(role: str, head: str) -> Found | None:
    """The hint for a role of the cast that is written in another way, with its brackets."""
    found = _MANNER.search(head)
    manner = found[0] if found else ""
    if manner and not manner.endswith((")", "）", "]")):
        return None
    if manner:
        manner = f" ({', '.join(part.strip() for part in _BRACKETS.split(manner) if part.strip())})"
    if has_no_case(role):
        return UNSAID, f"write {role}{manner}： and what is said", "warning"
    hint = f"write {capitals(role)}{manner}: in capitals, with a plain colon and a space after it"
    return UNSAID, hint, "warning"


def _is_titled(name: str) -> bool:
    """True for one to three words that all begin with a capital letter."""
    words = name.split()
    return len(words) == 1 or (len(words) <= 3 and all(word[:1].isupper() for word in words))


def _role(name: str, cast: Mapping[str, Role]) -> str:
    """The role of a name that is in another case, in another script, or misspelt."""
    alike = {same(role): role for role in cast} | {same(r.name): r.id for r in cast.values()}
    found = alike.get(same(name), "")
    return found or (alike.get(nearest(name, alike), "") if len(name) > 2 else "")


def _without_colon(text: str, cast: Mapping[str, Role]) -> Found | None:
    """LAN Come in. / LAN; come in. / LAN (softly: Come in. / LAN, with her line below."""
    names = sorted(map(capitals, cast), key=len, reverse=True)
    name = next((n for n in names if re.match(rf"{re.escape(n)}(?![\w'-])", text)), "")
    if not name:
        return None
    match = _NO_COLON.fullmatch(text[len(name) :])
    if not match:
        return None
    manner, stop, said = match[1] or "", match[2], match[3] or ""
    message = f"this line is read as an action: expected ':' after {name}"
    if manner and not manner.endswith(")"):
        return message, f"close the bracket and write {name} (softly): Come in.", "warning"
    if not said:
        if stop:
            return None
        return (
            NAME_ALONE,
            f"write the name and the text on one line: {name}{' ' + manner if manner else ''}: "
            "Come in.",
            "warning",
        )
    if stop or manner or _SPOKEN.match(said):
        short = said if len(said) <= 40 else said[:37] + "..."
        manner = f" {manner}" if manner else ""
        return message, f"write {name}{manner}: {short}", "warning"
    return None


def brace_slip(text: str) -> tuple[str, str]:
    """Message and hint for a brace that does not begin a condition."""
    inside, closed, rest = text[1:].replace("｝", "}").partition("}")
    if not closed:
        parts = re.fullmatch(r"(?:if\s+)?(.*?)\s+([A-Z@].*)", " ".join(inside.split())[:LONGEST])
        hint = f"write {{if {parts[1]}}} {parts[2]}" if parts else "write } after the condition"
        return "this brace is not closed", hint
    word = re.match(r"\s*(unless|when|while|wenn)\b\s*(.*)", inside, re.IGNORECASE)
    if word and word[2].strip():
        asked = _negated(word[2].strip()) if word[1].lower() == "unless" else word[2].strip()
        message = f"{{{word[1]} ...}} is not a condition: conditions begin with if"
        return message, f"write {{if {asked}}} {rest.strip()}".rstrip()
    if re.match(r"\s*(end\s*_?if|end|/\s*if|fi|/)\s*$", inside, re.IGNORECASE):
        message = f"{{{inside.strip()}}} is not needed: a block ends where its indentation ends"
        return message, "delete it"
    other = re.match(r"\s*(?:else\s*if|elsif)\b[\s:]*(.+)", inside, re.IGNORECASE)
    if other:
        message = f"{{{inside.strip()[:40]}}} is not the heading of a block"
        return message, f"write {{elif {other[1].strip()}}} {rest.strip()}".rstrip()
    if inside.strip() not in ("", "if") and (meant := nearest(inside.strip(), ("once", "else"))):
        return (
            f"{{{inside.strip()[:40]}}} is not the heading of a block",
            f"did you mean {{{meant}}}?",
        )
    asked = re.sub(r"^\s*(if\b)?[\s:]*", "", inside, flags=re.IGNORECASE).strip()
    return "a brace opens a condition", (
        f"write {{if {asked or 'trust >= 2'}}} {rest.strip()}".rstrip()
    )


def _negated(condition: str) -> str:
    """A condition with the opposite outcome: `trust < 2` of `trust >= 2`."""
    opposite = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
    parts = re.fullmatch(r"([\w().]+)\s*(==|!=|<=|>=|<|>)\s*([\w.'\"]+)", condition)
    if parts:
        return f"{parts[1]} {opposite[parts[2]]} {parts[3]}"
    return f"not {condition}" if re.fullmatch(r"[\w()]+", condition) else f"not ({condition})"
