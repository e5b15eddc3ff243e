"""The page of a map in a real Chromium: what is seen, found, opened and reached by keyboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.authoring.mapping.large_stories import large_story
from tests.peers.browser import Chromium, Tab
from tests.peers.console_show import WEB
from xrdrama.cli import run

pytestmark = pytest.mark.peer

BRANCHES = Path(__file__).parents[2] / "branches"
FRAMES = 60
PAN = f"""(async () => {{
  const times = [];
  let last = performance.now();
  for (let i = 0; i < {FRAMES}; i++) {{
    view.pan(i % 20 < 10 ? 8 : -8, 2);
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - last);
    last = performance.now();
  }}
  times.sort((a, b) => a - b);
  return times[{FRAMES} >> 1];
}})()"""


def opened(browser: Chromium, path: Path, width: int = 1280, height: int = 800) -> Tab:
    tab = browser.open(path.as_uri(), width, height)
    tab.wait("typeof view === 'object' && view.frames > 0")
    return tab


@pytest.fixture
def lantern(tmp_path: Path) -> Path:
    out = tmp_path / "map.html"
    assert run(["graph", str(BRANCHES / "one_lantern_too_many.branch.yaml"), "-o", str(out)]) == 0
    return out


@pytest.fixture
def large(tmp_path: Path) -> Path:
    story = tmp_path / "made_2000.branch.yaml"
    story.write_text(large_story(2000), encoding="utf-8")
    heat = {"plays": 10, "beats": {"river_0": 10, "gate_3": 4}}
    (tmp_path / "heat.json").write_text(json.dumps(heat), encoding="utf-8")
    out = tmp_path / "map.html"
    assert run(["graph", str(story), "-o", str(out), "--heat", str(tmp_path / "heat.json")]) == 0
    return out


def test_a_beat_shows_its_script_paths_and_conditions(browser: Chromium, lantern: Path) -> None:
    tab = opened(browser, lantern)
    tab.evaluate("choose(map.beats.find(beat => beat.id === 'threshold'), true)")
    text = tab.evaluate("document.querySelector('#panel').innerText")
    for words in ("Come with me → home", "if trust >= ", "Paths in", "cupped: ", "voice: "):
        assert words in text, words
    assert tab.evaluate("document.querySelector('#panel .line b').textContent") == "Grandmother"
    tab.click("#panel [data-beat=home]")
    assert tab.evaluate("state.chosen.id") == "home"


def test_a_click_on_the_map_chooses_the_beat_under_it(browser: Chromium, lantern: Path) -> None:
    tab = opened(browser, lantern)
    x, y = tab.evaluate(
        "(() => { const {x, y} = map.rectangle(map.beats[4]);"
        "const r = view.root.getBoundingClientRect();"
        "return [r.x + (x + 60 - view.x) * view.zoom, r.y + (y + 20 - view.y) * view.zoom] })()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        tab.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    assert tab.evaluate("state.chosen.id") == "taper"


def test_keys_move_along_paths_and_are_announced(browser: Chromium, lantern: Path) -> None:
    tab = opened(browser, lantern)
    tab.evaluate("document.querySelector('#map').focus()")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        tab.evaluate(
            "view.root.dispatchEvent(new KeyboardEvent('keydown', "
            f"{{key: '{key}', bubbles: true}}))"
        )
    assert tab.evaluate("state.chosen.id") == "remembered"
    assert "remembered, 2 lines, 1 path out" in tab.evaluate("find('said').textContent")


def test_search_finds_lines_and_opens_their_chapter(browser: Chromium, large: Path) -> None:
    tab = opened(browser, large)
    assert tab.evaluate("map.parts.every(part => !part.isOpen)"), "large stories begin closed"
    tab.evaluate(
        "(() => { const e = find('search'); e.focus(); e.value = 'gate_1043';"
        "e.dispatchEvent(new Event('input')) })()"
    )
    assert tab.evaluate("document.querySelectorAll('#found li').length") == 1
    tab.key("Enter")
    tab.wait("state.chosen?.id === 'gate_1043'")
    assert tab.evaluate("map.parts.filter(part => part.isOpen).length") == 1
    assert tab.evaluate(
        "(() => { const {x, y} = map.rectangle(state.chosen);"
        "return x > view.x && x < view.x + view.width / view.zoom && y > view.y })()"
    ), "it is in sight"


def test_a_story_of_2000_beats_stays_responsive(browser: Chromium, large: Path) -> None:
    """Most of a frame is Chromium's own; the bound is that of a page that feels slow."""
    tab = opened(browser, large)
    closed = tab.evaluate(PAN)
    begin = tab.evaluate(
        "(() => { const t = performance.now(); find('all').click();"
        "return performance.now() - t })()"
    )
    assert tab.evaluate("map.parts.every(part => part.isOpen)")
    whole = tab.evaluate(PAN)
    tab.evaluate("view.zoom = 0.3, view.x = 2000, view.y = 2000, view.keep(), 1")
    near = tab.evaluate(PAN)
    assert max(closed, whole, near) < 200, (closed, whole, near)
    assert begin < 3000


def test_the_page_places_chapters_as_the_picture_does(browser: Chromium, tmp_path: Path) -> None:
    from xrdrama.authoring.mapping.mapped import mapped
    from xrdrama.story import load_story

    story = tmp_path / "made_300.branch.yaml"
    story.write_text(large_story(300), encoding="utf-8")
    assert run(["graph", str(story), "-o", str(tmp_path / "map.html")]) == 0
    tab = opened(browser, tmp_path / "map.html")
    made = mapped(load_story(large_story(300), "made"))
    for opened_parts in ([], [0], [1, 2], list(range(len(made.parts)))):
        states = [number in opened_parts for number in range(len(made.parts))]
        tab.evaluate(
            f"{json.dumps(states)}.forEach((isOpen, n) => map.parts[n].isOpen = isOpen),"
            "map.arrange(), 1"
        )
        at = tab.evaluate("map.parts.map(({x, y}) => [x, y])")
        for (x, y), (left, top) in zip(at, made.placed(states).at, strict=True):
            assert (x, y) == pytest.approx((left, top), abs=0.5)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_barrier(browser: Chromium, lantern: Path, dark: bool) -> None:
    tab = opened(browser, lantern)
    scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    tab.call("Emulation.setEmulatedMedia", features=scheme)
    tab.evaluate("choose(map.beats[0])")
    tab.evaluate((WEB / "node_modules/axe-core/axe.min.js").read_text("utf-8") + "; 1")
    found = tab.evaluate(
        "axe.run().then(r => r.violations.map(v => `${v.id}: ${v.nodes[0].html}`))"
    )
    assert found == []


def test_the_page_loads_nothing_and_no_text_breaks_it(browser: Chromium, tmp_path: Path) -> None:
    story = tmp_path / "odd.branch.yaml"
    story.write_text(
        "xrdrama: 1\nid: odd\nscene: s\n"
        "title: \"</script><script>window.broken = 1</script> & <b>\"\n"
        "beats:\n  one: {choice: {options: {a: {text: \"<img src=x>\", to: two}}}}\n"
        "  two: {ending: \"end\"}\n",
        encoding="utf-8",
    )  # fmt: skip
    run(["graph", str(story), "-o", str(tmp_path / "map.html")])
    tab = opened(browser, tmp_path / "map.html")
    assert tab.evaluate("window.broken === undefined && document.images.length === 0")
    assert tab.evaluate("document.querySelector('h1').textContent").startswith("</script>")
    assert tab.evaluate("performance.getEntriesByType('resource').length") == 0


def test_it_prints_the_whole_map_in_the_colours_of_paper(browser: Chromium, lantern: Path) -> None:
    tab = opened(browser, lantern)
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    tab.call("Emulation.setEmulatedMedia", media="print", features=dark)
    corner = "view.paper.getContext('2d').getImageData(2, 2, 1, 1).data.slice(0, 3).join()"
    assert tab.evaluate(corner) != "255,255,255", "the control: it is dark before"
    tab.evaluate("dispatchEvent(new Event('beforeprint')), 1")
    tab.evaluate(
        "new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))"
    )
    assert tab.evaluate(corner) == "255,255,255"
    assert tab.evaluate("view.paper.width / view.paper.height > map.width / map.height / 1.5")
    tab.evaluate("dispatchEvent(new Event('afterprint')), 1")
    assert tab.evaluate("view.paper.width") == tab.evaluate("view.width * view.ratio")
