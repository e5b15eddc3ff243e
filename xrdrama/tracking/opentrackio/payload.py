"""JSON and CBOR payloads to samples: strictly and fast, else leniently with a list of faults."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.tracking.opentrackio.faults import Report, salvaged
from xrdrama.tracking.opentrackio.form import Sample
from xrdrama.tracking.opentrackio.header import CBOR, JSON

DEEPEST: Final = 32
"""Nested lists and objects; OpenTrackIO itself has seven."""
_STRICT: Final = msgspec.json.Decoder(Sample)
# A string (up to the end if it does not end), or a number, of which JSON in the wild has NaN,
# Infinity and numbers beyond the range of floats.
_TOKEN: Final = re.compile(
    rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|-?(?:NaN|Infinity|\d[\d.eE+-]*+)', re.DOTALL
)
_STAND_IN: Final = "\0"
# Tags that cbor2 would decode to dates, decimals, regular expressions, shared references and such.
_TAGS: Final = (
    0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 100, 256, 258, 260, 261, 1004, 43_000, 55_799,
)  # fmt: skip


def read(payload: bytes, encoding: int, report: Report) -> Sample:
    """The sample of a payload, without its bad parts, each of which is reported.

    RemoteProtocolError for a payload that is not JSON or CBOR, or not an object. Of a key that is
    there twice, the last one counts.
    """
    if encoding == JSON:
        try:
            return _STRICT.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            plain = from_json(payload)
    else:
        assert encoding == CBOR
        plain = from_cbor(payload)
        try:
            return msgspec.convert(plain, Sample)
        except (msgspec.ValidationError, RecursionError):
            pass
    if not isinstance(plain, dict):
        raise RemoteProtocolError("OpenTrackIO payload is not an object")
    found = salvaged(plain, report)
    assert found is not None
    return found


def from_json(payload: bytes) -> Any:
    """The value of a JSON text; RemoteProtocolError if it is not JSON.

    Without its byte order mark. NaN, infinite and too large numbers become infinite or NaN floats.
    """
    text = payload.removeprefix(b"\xef\xbb\xbf")
    try:
        try:
            plain = msgspec.json.decode(text)
        except msgspec.DecodeError:
            plain = _restored(msgspec.json.decode(_TOKEN.sub(_replaced, text)))
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).removeprefix("JSON is malformed: ").split())
        raise RemoteProtocolError(
            f"OpenTrackIO payload is not valid JSON: {_steady(reason)}"
        ) from None
    _check_depth(plain)
    return plain


def _steady(reason: str) -> str:
    """A reason without the offset, so that equal faults are counted together."""
    return re.sub(r" \(byte \d+\)| in position \d+(?:-\d+)?", "", reason)[:80]


def _replaced(match: re.Match[bytes]) -> bytes:
    """A token, or a string in place of a number that JSON cannot carry."""
    token = match[0]
    if token[:1] == b'"':
        return token
    text = token.decode("ascii")
    if text.lstrip("-") in ("NaN", "Infinity"):
        return b'"\\u0000%s"' % token
    try:
        huge = float(text) in (float("inf"), -float("inf"))
    except ValueError:
        return token
    return b'"\\u0000%sInfinity"' % (b"-" if text[0] == "-" else b"") if huge else token


def _restored(value: Any) -> Any:
    """A value with the numbers that `_replaced` replaced, as floats."""
    match value:
        case dict():
            return {key: _restored(one) for key, one in value.items()}
        case list():
            return [_restored(one) for one in value]
        case str() if value.startswith(_STAND_IN):
            try:
                return float(value[1:])
            except ValueError:
                return value
    return value


def from_cbor(payload: bytes) -> Any:
    """The value of a CBOR item; RemoteProtocolError if it is not CBOR or has tags."""
    loads, refused, error_of_cbor = _cbor()
    try:
        plain = loads(payload, semantic_decoders=refused, max_depth=DEEPEST)
    except error_of_cbor as error:
        raise RemoteProtocolError(
            f"OpenTrackIO payload is not valid CBOR: {_cause(error)}"
        ) from None
    except (RecursionError, OverflowError, ValueError, TypeError, MemoryError) as error:
        raise RemoteProtocolError(
            f"OpenTrackIO payload is not valid CBOR: {_cause(error)}"
        ) from None
    return plain


def _cause(error: BaseException) -> str:
    """A short reason, the same for equal faults."""
    text = str(error.__cause__ or error) or type(error).__name__
    return re.sub(r"\d+ bytes?", "bytes", text)[:80]


@cache
def _cbor() -> tuple[Any, dict[int, Any], type[Exception]]:
    """cbor2, imported when the first CBOR payload comes, and what refuses its tags."""
    import cbor2

    def refuse(decoder: object, *rest: object) -> object:
        raise ValueError("it has a tag, which OpenTrackIO does not use")

    return cbor2.loads, dict.fromkeys(_TAGS, refuse), cbor2.CBORError


def _check_depth(value: object) -> None:
    """RemoteProtocolError for a value that is nested deeper than DEEPEST."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> RemoteProtocolError:
    return RemoteProtocolError(
        f"OpenTrackIO payload is nested too deeply: at most {DEEPEST} levels are read"
    )
