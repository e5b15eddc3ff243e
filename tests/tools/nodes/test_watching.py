"""A running show as Prometheus sees it: over HTTP, with the parser of its own client."""

from __future__ import annotations

import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.adapters.bridge.cores import Core, free_port, no_thread_left
from tests.adapters.bridge.test_following import frame
from tests.waiting import wait_until
from xrdrama.adapters.metrics.exposition import Page
from xrdrama.cli import run
from xrdrama.errors import DeviceError
from xrdrama.spatial import Pose
from xrdrama.tools.nodes.watching import Watched, of_nodes, serve
from xrdrama.wire.codec import encode
from xrdrama.wire.frame import Alarm, Tracked
from xrdrama.wire.nodes import NodeHealth, NodesAre

DASHBOARD = Path(__file__).parents[3] / "bridge" / "grafana.json"
ALARM = Alarm("tracker_lost", 'no "tracker"\n', 0)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    with no_thread_left("bridge", "peer", "journal"):
        made = Core(tmp_path / "night.take")
        yield made
        made.close()


def scraped(url: str) -> dict[tuple[str, ...], float]:
    """The values of a page by name and labels."""
    text = urllib.request.urlopen(url, timeout=30).read().decode()
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_a_show_is_measured_and_its_end_too(core: Core) -> None:
    core.begin()
    shown = msgspec.structs.replace(frame(7), alarms=(ALARM, ALARM), held=True)
    with closing(Watched(core.server.endpoint)) as watched:
        stop, said = threading.Event(), list[str]()
        serving = threading.Thread(
            target=serve, args=(watched, "127.0.0.1", 0, stop, said.append), name="peer"
        )
        serving.start()
        (line,) = wait_until(lambda: said)
        url = line.removeprefix("metrics at ")
        assert scraped(url)["xrdrama_up",] == 1
        core.publish(encode(shown))
        found = wait_until(lambda: (now := scraped(url)).get(("xrdrama_frame",)) == 7 and now)
        assert found["xrdrama_alarm", "tracker_lost"] == found["xrdrama_held",] == 1
        assert found["xrdrama_panic",] == 0 and found["xrdrama_frames_received_total",] >= 1
        assert found["xrdrama_beat", shown.beat] == 1
        assert 0 <= found["xrdrama_frame_age_seconds",] < 60
        core.close()
        found = scraped(url)
        assert found["xrdrama_up",] == 0 and ("xrdrama_frame",) not in found
        stop.set()
        serving.join()


def test_the_command(core: Core, capsys: pytest.CaptureFixture[str]) -> None:
    core.begin()
    core.publish(encode(frame(3)))
    assert run(["metrics", "--once", "--peer", core.server.endpoint]) == 0
    said = capsys.readouterr().out
    assert "# TYPE xrdrama_up gauge\nxrdrama_up 1.0\n" in said and "xrdrama_frame 3.0" in said
    # The control: where no show answers.
    assert run(["metrics", "--once", "--peer", f"tcp://127.0.0.1:{free_port()}"]) == 1
    assert "xrdrama_up 0.0" in capsys.readouterr().out


def test_the_dashboard_asks_for_what_there_is(core: Core) -> None:
    asked = set(re.findall(r"xrdrama_[a-z_]+", DASHBOARD.read_text("utf-8")))
    health = NodeHealth("left", ("west",), "in step", 7, draw_ms=1.0)
    nodes = NodesAre((health,), 1.0, 1, 0)
    tracked = Tracked("tracker", "main", 0, "live", Pose())
    core.begin()
    core.publish(encode(msgspec.structs.replace(frame(3), tracked=tracked, alarms=(ALARM,))))
    with closing(Watched(core.server.endpoint)) as watched:
        watched.text()
        measured = {f"xrdrama_{one.name}" for one in (*watched.measures(), *of_nodes(nodes))}
    assert asked <= measured
    assert "xrdrama_node_draw_seconds" in asked


def test_a_port_that_is_taken() -> None:
    with closing(Page(tuple)) as page:
        port = int(page.url.rpartition(":")[2].partition("/")[0])
        with pytest.raises(DeviceError, match="choose another port"):
            Page(tuple, port=port)
