"""What every input must do, ours and a plug-in's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conformance.installed import stagehand
from tests.fakes import RecordingIngress
from xrdrama import content, plugins
from xrdrama.errors import DeviceError, UsageError


def declares(name: str) -> Any:
    """The kind of input, whose settings are declared and which refuses unknown ones."""
    kind = plugins.input_named(name)
    declared = getattr(kind, "SETTINGS", None)
    assert declared is not None and issubclass(declared, msgspec.Struct)
    assert getattr(kind, "ROLE", "recogniser") in ("recogniser", "tracker")
    with pytest.raises((UsageError, DeviceError)):
        kind.open("conformance", {"no_such_setting": "1"})
    return kind


def runs(name: str, settings: dict[str, Any], until: int = 2 * 10**9) -> RecordingIngress:
    """At a fixed rate an input keeps its promises, names itself as source, and ends."""
    ingress = RecordingIngress(fixed_rate=True, stop_at=until)
    declares(name).open("conformance", settings).run(ingress, ingress.stop)
    late = [at for at, _ in ingress.broken if at >= 0]  # before 0 nothing was promised yet
    assert late == [], "an event came earlier than was promised"
    assert ingress.promises and {source for source, _ in ingress.promises} == {"conformance"}
    times = [at for _, at in ingress.promises]
    assert times == sorted(times), "a promise never goes back"
    assert all(event.source == "conformance" for _, event in ingress.records)
    return ingress


@pytest.mark.parametrize("name", plugins.known(plugins.INPUTS))
def test_every_registered_input_declares_its_settings(name: str) -> None:
    declares(name)


def test_the_simulated_operator_conforms() -> None:
    move = content.read_text(content.find("move", "demo"))
    assert len(runs("operator", {"move": move}).records) > 100


def test_an_input_of_another_package_conforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stagehand(tmp_path / "site", monkeypatch)
    ingress = runs("footswitch", {"marker": "door_god", "second": "1.5"})
    assert [at for at, _ in ingress.records] == [1_500_000_000]
