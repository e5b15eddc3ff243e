"""A phone's camera opens a hidden plot of a real show: `xrdrama serve`, the real page in Chromium,
whose camera plays our clips."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.markers.clips import approached, false_squares
from tests.peers.browser import Chromium, Tab
from tests.peers.markers.camera import phone
from tests.peers.viewer.opening import opened
from tests.peers.viewer.serving import Serving

pytestmark = pytest.mark.peer

WORDS = "document.querySelector('.marker-words').textContent"
OPENED = "document.querySelector('.marker-camera').dataset.opened"
AWAY = """(() => {
  const { anchored, finder, video } = xrdrama.camera;
  const [shown] = [...anchored.shown.values()];
  const { holder } = shown;
  const { matrixWorldInverse, projectionMatrix } = anchored.camera;
  const clip = holder.position.clone();
  clip.applyMatrix4(matrixWorldInverse).applyMatrix4(projectionMatrix);
  const { clientWidth: w, clientHeight: h, videoWidth, videoHeight } = video;
  const at = [(clip.x + 1) / 2 * w, (1 - clip.y) / 2 * h];
  const scale = Math.max(w / videoWidth, h / videoHeight) * videoWidth / finder.canvas.width;
  const middle = [0, 1].map((i) => window.sighting.corners.reduce((sum, c) => sum + c[i], 0) / 4);
  const seen = [w / 2 + (middle[0] + 0.5 - finder.canvas.width / 2) * scale,
                h / 2 + (middle[1] + 0.5 - finder.canvas.height / 2) * scale];
  const [a, b] = window.sighting.corners;
  const side = Math.hypot(a[0] - b[0], a[1] - b[1]) * scale;
  return Math.hypot(at[0] - seen[0], at[1] - seen[1]) / side;
})()"""
"""How far the effect is from the middle of the marker in the picture, in sides of the marker."""
GLOW = """(async () => {
  const { anchored } = xrdrama.camera;
  anchored.renderer.render(anchored.scene, anchored.camera);
  const pen = new OffscreenCanvas(39, 84).getContext("2d");
  pen.drawImage(anchored.renderer.domElement, 0, 0, 39, 84);
  const { data } = pen.getImageData(0, 0, 39, 84);
  let [all, reddish] = [0, 0];
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] > 40) { all++; reddish += data[i] > data[i + 2] + 20 }
  return all > 30 && reddish / all > 0.6;
})()"""
"""Whether something warm is drawn over the camera's picture."""
WATCHED = """(() => {
  const { anchored } = xrdrama.camera;
  const place = anchored.place.bind(anchored);
  anchored.place = (...at) => { place(...at); window.placed = (window.placed ?? 0) + 1 };
  xrdrama.camera.onSeen = (all) => { window.sighting = all[0] ?? window.sighting };
})()"""
NO_SET = """
const asked = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  const isSet = kind.startsWith("webgl") && this.classList.contains("picture");
  return isSet ? null : asked.call(this, kind, ...more);
};
"""
"""The set is not drawn: in software that takes seconds. What is drawn at markers is."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    served = Serving(tmp_path_factory.mktemp("show"))
    yield served
    served.close()


def look(browser: Chromium, link: str) -> Tab:
    """The real page, joined, with its camera button pressed."""
    tab = opened(browser, link, script=NO_SET)
    tab.wait("document.querySelector('.look-for')?.hidden === false")
    tab.click(".look-for")
    tab.wait("document.querySelector('.marker-notes') && xrdrama.camera")
    return tab


def test_false_squares_open_nothing(served: Serving, tmp_path: Path) -> None:
    with phone(tmp_path, false_squares(frames=20)) as browser:
        tab = look(browser, served.link)
        tab.wait("xrdrama.camera.looked >= 20")
        assert tab.evaluate(f"{OPENED} ?? ''") == ""
        assert tab.evaluate("xrdrama.link.state.beat") == "counting"


def test_a_marker_in_the_camera_opens_the_hidden_plot_of_the_show(
    served: Serving, tmp_path: Path
) -> None:
    with phone(tmp_path, approached()) as browser:
        tab = look(browser, served.link)
        tab.wait("xrdrama.camera.isOn")
        tab.wait(OPENED)
        assert tab.evaluate(OPENED) == "door_god"
        tab.wait("xrdrama.link.state.beat === 'door_god'")
        tab.wait("document.querySelector('.captions').innerText.includes('facing the wrong way')")
        tab.evaluate(WATCHED)
        tab.wait("window.placed >= 5 && window.sighting && xrdrama.camera.visible.length")
        assert tab.evaluate(AWAY) < 0.3
        assert tab.evaluate(GLOW)
        light = tab.evaluate(
            "(() => { const key = xrdrama.link.state.lights.find((l) => l.direction).colour;"
            "const { color } = [...xrdrama.camera.anchored.shown.values()][0].lantern.key;"
            "return [key.z / key.x, color.b / color.r] })()"
        )
        assert light[0] == pytest.approx(light[1], rel=0.02)
        # A second viewer looks at the same marker: the story opens the plot once.
        other = look(browser, served.link)
        other.wait(f"{WORDS}.includes('opens nothing now')")
        assert not other.evaluate("xrdrama.camera.visible.length")
        assert not other.evaluate(GLOW)
        unknown = other.evaluate("xrdrama.link.request({do: 'marker', marker: 'owl'}, '', 9)")
        assert unknown["code"] == "unknown_marker" and "'owl'" in unknown["text"]
