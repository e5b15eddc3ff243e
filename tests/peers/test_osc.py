"""OSC messages, in a recording, pick a branch of a show that runs in processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.shows import played, write_show
from tests.conformance.test_inputs import STORY
from xrdrama.tracking.osc import message
from xrdrama.wire.commands import ParamSet

pytestmark = pytest.mark.peer


def test_osc_picks_a_branch_and_sends_a_command_of_an_operator(tmp_path: Path) -> None:
    (tmp_path / "threshold.branch.yaml").write_text(STORY, "utf-8")
    lines = [f"0.2 {message('/fog', [0.25]).hex()}", f"0.6 {message('/door', []).hex()}"]
    (tmp_path / "desk.osc").write_text("\n".join(lines))
    desk = (
        "inputs:\n  desk:\n    use: osc\n    file: desk.osc\n    triggers:\n"
        "      - {address: /door, do: marker, name: door_god}\n"
        "      - {address: /fog, do: param, name: fog}\n"
    )
    show = write_show(tmp_path, desk)
    text = show.read_text("utf-8").replace("one_lantern_too_many", "threshold")
    show.write_text(text, "utf-8")
    result, take, _ = played(show, "--fixed-rate", "--seconds", "1")
    assert [(pick["option"], pick["trigger"]) for pick in result["picks"]] == [("step", "marker")]
    sent = [entry for entry in take.entries if isinstance(entry.event, ParamSet)]
    assert [(entry.role, entry.event.value) for entry in sent] == [("operator", 0.25)]  # type: ignore[union-attr]
