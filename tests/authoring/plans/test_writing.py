"""Plans that are written are read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.plans.writing import Played, plan_text
from xrdrama.story.testplan import parse_plan

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30).filter(
    lambda text: "`" not in text and len(text.splitlines()) < 2 and text.strip() == text
)


@given(st.lists(st.sampled_from(["line", "option"]).flatmap(
    lambda kind: st.tuples(st.just(kind), TEXTS)), min_size=1, max_size=5))  # fmt: skip
def test_what_is_written_is_read_back(steps: list[tuple[str, str]]) -> None:
    text = plan_text([Played(tuple(steps), "a", 7, (("n", "3"),), "played\nat random")])
    (run,), problems = parse_plan(text)
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert (run.start, run.seed, run.values) == ("a", 7, {"n": "3"})
    composed = [(kind, parse_plan(f"line: `{said}`")[0][0].steps[0].text) for kind, said in steps]
    assert [(step.kind, step.text) for step in run.steps] == composed
    assert not any(step.any_text for step in run.steps)


def test_runs_are_separated_and_steps_without_text_are_bare() -> None:
    runs = [Played((("line", "a"), ("stop", ""))), Played((("next choice", ""),))]
    text = plan_text(runs)
    assert text == "line: a\nstop\n---\nnext choice\n"
    assert len(parse_plan(text)[0]) == 2
