"""What a show file says about its viewers, in a headset: seated, large captions, blend, budget."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.peers.monado.audience import Performance
from tests.peers.monado.puppet import HEAD, Puppet
from tests.peers.monado.stand import Service, own_network
from tests.peers.monado.test_playing import short_show
from xrdrama.adapters.openxr.scaling import STEPS
from xrdrama.show.parse import parse_show
from xrdrama.show.take import read_take
from xrdrama.spatial import Vec3
from xrdrama.wire.events import Presented

pytestmark = pytest.mark.peer
EYES = 1.2
VIEWERS = """\
viewers:
  posture: standing
  captions: large
  captions_in: head
  blend: alpha
  budget: true
"""
OPTIONS = ("--posture", "seated", "--eye-height", str(EYES), "--captions", "small")
"""What the command line says instead."""


class Seated:
    """The short show, watched by somebody whose head rises by 20 cm during it."""

    def __init__(self, folder: Path) -> None:
        show = Path(short_show(folder))
        show.write_text(show.read_text("utf-8") + VIEWERS, "utf-8")
        with (
            own_network(),
            closing(Service(folder)) as service,
            closing(
                Performance(folder / "out", service.viewer_environment(), "vr", str(show), *OPTIONS)
            ) as performance,
            closing(Puppet()) as puppet,
        ):
            performance.wait_until_seen(5, timeout_s=240.0)
            puppet.stand(HEAD.position + Vec3(0.0, 0.0, 0.2))
            performance.wait_until_seen(5, timeout_s=120.0)
            result: dict[str, Any] = performance.end()
            self.said = performance.said.read_text("utf-8")
        self.report: dict[str, Any] = result["viewer"]["report"]
        take = read_take(Path(result["take"]).read_bytes())
        self.played = next(
            one.text or ""
            for name, one in take.header.sources.items()
            if name.endswith(".show.yaml")
        )
        self.heights = [
            entry.event.poses[0].position.z
            for entry in take.entries
            if isinstance(entry.event, Presented)
        ]


@pytest.fixture(scope="module")
def seated(tmp_path_factory: pytest.TempPathFactory) -> Seated:
    return Seated(tmp_path_factory.mktemp("seated"))


def test_a_seated_viewer_sees_from_the_height_of_the_show_and_moves_from_there(
    seated: Seated,
) -> None:
    assert seated.heights[0] == pytest.approx(EYES, abs=1e-3)  # and not from 1.6 m
    assert seated.heights[-1] == pytest.approx(EYES + 0.2, abs=1e-3)


def test_the_take_has_what_the_command_line_said(seated: Seated) -> None:
    show, problems = parse_show(seated.played)
    assert show is not None, problems
    rule = show.viewers
    assert (rule.posture, rule.eye_height, rule.captions) == ("seated", EYES, "small")
    assert rule.captions_in == "head" and rule.budget


def test_a_blend_that_the_headset_does_not_offer_is_refused_in_words(seated: Seated) -> None:
    assert "asks for alpha pictures over the room; this headset offers none" in seated.said
    assert seated.report["blend"] == "opaque"


def test_the_runtime_takes_the_depth_of_the_pictures(seated: Seated) -> None:
    assert seated.report["depth"] is True
    assert seated.report["lost_poses"] == 0


def test_the_report_says_what_a_frame_took_and_how_small_it_was_drawn(seated: Seated) -> None:
    budget = seated.report["budget"]
    parts = budget["update_ms"] + budget["draw_ms"] + budget["copy_ms"]
    assert budget["draw_ms"] > 0.0 and budget["period_ms"] >= 49.9
    assert budget["work_ms"] == pytest.approx(parts, rel=0.3)  # medians of parts
    assert budget["share"] == pytest.approx(budget["work_ms"] / budget["period_ms"], abs=0.002)
    report = seated.report
    assert report["smallest"] in STEPS
    assert (report["smallest"] < 1.0) == (report["size_changes"] > 0)
    assert report["waited"] == report["ended"]
