"""`xrdrama explain`: what a problem code means, or a table of all codes."""

from __future__ import annotations

from xrdrama.authoring.explaining import Area, Explanation, areas, explanation_of
from xrdrama.cli.printing.plain import counted, print_json, print_line, shown
from xrdrama.document.wording import nearest
from xrdrama.errors import UsageError

MOST_CODES = 200


def explain(codes: list[str], *, json: bool) -> int:
    """Print the explanations of codes, each once, or the table of all codes; as JSON an object for
    one code, a list for several. UsageError for an unknown code."""
    wanted = list(dict.fromkeys(code.strip().upper() for code in codes if code.strip()))
    if not wanted:
        _print_all(areas(), json=json)
        return 0
    if len(wanted) > MOST_CODES:
        raise UsageError(f"more than {MOST_CODES} codes", "xrdrama explain, alone, lists all")
    found = [_explanation(code) for code in wanted]
    if json:
        print_json(found[0] if len(found) == 1 else found)
        return 0
    for number, one in enumerate(found):
        if number:
            print_line()
        _print_one(one)
    return 0


def _explanation(code: str) -> Explanation:
    """The explanation of a code; UsageError with the code that may be meant."""
    found = explanation_of(code)
    if found is not None:
        return found
    known = [one.code for area in areas() for one in area.explanations]
    typed = code[:20]
    digits = typed[:1] + typed[1:].replace("O", "0").replace("I", "1").replace("L", "1")
    meant = digits if digits in known else nearest(typed, known)
    listed = "xrdrama explain, without a code, lists all of them"
    raise UsageError(
        f"there is no problem code {typed!r}",
        f"did you mean {meant}? {listed}" if meant else listed,
    )


def _print_one(found: Explanation) -> None:
    print_line(f"{found.code} ({found.severity}): {found.title}")
    print_line()
    for row in found.why.splitlines():
        print_line(row)
    where = "" if found.inside in ("file", "bare") else f", in {_place(found.inside)}"
    for title, text in (("Wrong", found.wrong), ("Right", found.right)):
        if text:
            print_line()
            print_line(f"{title}{where}:")
            for row in text.splitlines():
                print_line(f"    {shown(row)}")


def _place(inside: str) -> str:
    """Where an example is written."""
    places = {
        "vars": "vars:", "cast": "cast:", "beats": "beats:", "beat": "a beat",
        "script": "a script (under script: |)", "choice": "choice:", "options": "options:",
    }  # fmt: skip
    return places.get(inside, inside)


def _print_all(listed: tuple[Area, ...], *, json: bool) -> None:
    if json:
        print_json({
            "areas": [
                {
                    "id": area.id,
                    "title": area.title,
                    "codes": [
                        {"code": one.code, "severity": one.severity, "title": one.title}
                        for one in area.explanations
                    ],
                }
                for area in listed
            ]
        })  # fmt: skip
        return
    for area in listed:
        print_line(f"{area.title}")
        for one in sorted(area.explanations, key=lambda one: one.code):
            print_line(f"  {one.code}  {one.severity:<16}  {one.title}")
        print_line()
    count = sum(len(area.explanations) for area in listed)
    print_line(f"{counted(count, 'code')}; xrdrama explain CODE explains one")
