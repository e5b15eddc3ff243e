"""One page of HTML to read and print a story: a screenplay whose choices are links.

It loads nothing, so that it can be sent and opened anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from xrdrama.authoring.exchange.pages import not_carried_over, pages_of
from xrdrama.story import Story

__all__ = ["STYLE", "document", "not_carried_over", "write"]

STYLE = """
:root { color-scheme: light dark; --paper: #fdfcf9; --ink: #1d1b18; --quiet: #77716a;
  --rule: #ddd7cd; --accent: #9c2f1b; --card: #f5f1e9; }
@media (prefers-color-scheme: dark) { :root { --paper: #191816; --ink: #e9e4db; --quiet: #9a938a;
  --rule: #3a3732; --accent: #ee8a6f; --card: #23211e; } }
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); scroll-behavior: smooth; }
body { margin: 0 auto; padding: 4.5rem 1.25rem 8rem; max-width: 42rem; font: 1.0625rem/1.55
  Charter, "Bitstream Charter", "Noto Serif", "Noto Serif CJK SC", "Songti SC", SimSun, Georgia,
  serif; }
h1 { font-size: 2.4rem; font-weight: 600; line-height: 1.15; letter-spacing: -0.01em; margin: 0; }
.by { color: var(--quiet); margin: .5rem 0 3.5rem; }
section { border-top: 1px solid var(--rule); padding: 1.6rem 0 2.6rem; scroll-margin-top: 1rem; }
section:target h2 { color: var(--accent); }
h2 { font-size: .85rem; font-weight: 600; letter-spacing: .08em; margin: 0 0 1.3rem;
  color: var(--quiet); text-transform: uppercase; }
h2 span { display: inline-block; min-width: 2.2em; font-variant-numeric: tabular-nums; }
.heading { font-weight: 700; letter-spacing: .03em; margin: 0 0 1rem; }
.action { margin: 0 0 1rem; }
.line { margin: 0 0 1rem; padding: 0 14% 0 4.5rem; }
.line b { display: block; font-weight: 600; font-size: .82rem; letter-spacing: .09em;
  text-transform: uppercase; padding-left: 5.5rem; }
.line i { display: block; color: var(--quiet); font-size: .95rem; padding-left: 3rem; }
.note, .only { color: var(--quiet); font-size: .88rem; }
.note { margin: .2rem 0 .4rem; }
.only { display: block; padding-left: 5.5rem; }
.in1, .in2 { border-left: 2px solid var(--rule); margin-left: .1rem; }
.in2 { margin-left: 1.6rem; }
p.in1:not(.line), p.in2:not(.line) { padding-left: 1rem; }
.ways { list-style: none; margin: 1.6rem 0 0; padding: 0; }
.ways h3 { font-size: .85rem; font-weight: 600; color: var(--quiet); margin: 0 0 .5rem; }
.ways li { background: var(--card); border-radius: .4rem; padding: .55rem .9rem; margin: 0 0 .4rem;
  display: flex; gap: 1rem; justify-content: space-between; align-items: baseline;
  flex-wrap: wrap; }
.ways li.else, .ways li.next, .ways li.hidden, .ways li.return { background: none;
  color: var(--quiet); padding-left: 0; padding-right: 0; }
a { color: var(--accent); text-decoration: none; border-bottom: 1px solid transparent; }
a:hover { border-color: currentColor; }
.ways .to { white-space: nowrap; }
.ending { text-align: center; margin: 2.2rem 0 0; font-size: 1.35rem; }
.ending small { display: block; color: var(--quiet); font-size: .8rem; letter-spacing: .1em;
  text-transform: uppercase; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th { text-align: left; font-size: .8rem; color: var(--quiet); font-weight: 600; }
th, td { border-bottom: 1px solid var(--rule); padding: .45rem .7rem .45rem 0;
  vertical-align: top; }
td.said { font-size: 1.05rem; width: 46%; }
td code { font-size: .82rem; color: var(--quiet); overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.missing { color: var(--accent); }
@page { size: A4; margin: 22mm 24mm; }
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #555; --rule: #bbb; --accent: #000;
    --card: #f3f3f3; }
  body { font-size: 10.5pt; padding: 0; max-width: none; }
  .line, .ways li, tr, .ending { break-inside: avoid; }
  .heading, h2, .line b { break-after: avoid; }
  .ways li { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""


def write(story: Story) -> str:
    """The page, with all beats in the order of the file."""
    pages = pages_of(story)
    titles = {beat["id"]: f"{beat['number']} {beat['title']}" for beat in pages["beats"]}
    body = [f"<h1>{escape(pages['title'])}</h1>",
            f'<p class="by">{escape(" · ".join(pages["cast"]))}</p>']  # fmt: skip
    for beat in pages["beats"]:
        body += _beat(beat, titles, pages["words"])
    return document(pages["title"], pages["language"], body)


def document(title: str, language: str, body: list[str]) -> str:
    """A whole HTML document."""
    return "\n".join(
        ["<!doctype html>", f'<html lang="{escape(language)}">', '<meta charset="utf-8">',
         '<meta name="viewport" content="width=device-width, initial-scale=1">',
         f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", *body, "</html>", ""]
    )  # fmt: skip


def _beat(
    beat: Mapping[str, Any], titles: Mapping[str, str], words: Mapping[str, str]
) -> Iterator[str]:
    yield f'<section id="{escape(beat["id"])}">'
    yield f"<h2><span>{beat['number']}</span>{escape(beat['title'])}</h2>"
    if beat["note"]:
        yield f'<p class="note">{escape(beat["note"])}</p>'
    for item in beat["items"]:
        yield _item(item, titles)
    if beat["ways"]:
        yield '<ul class="ways">'
        if beat["choice"]:
            yield f"<h3>{escape(beat['choice'])}</h3>"
        yield from (_way(way, titles) for way in beat["ways"])
        yield "</ul>"
    if beat["ending"]:
        ending = escape(beat["ending"])
        yield f'<p class="ending"><small>{escape(words["ending"])}</small>{ending}</p>'
    yield "</section>"


def _item(item: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    text = escape(item["text"])
    inside = f" in{min(2, item['depth'])}" if item["depth"] else ""
    if item["kind"] != "line":
        if item["kind"] == "detour":
            text = f"{_link(item['to'], titles)} <small>{escape(item['note'])}</small>"
        kind = "note" if item["kind"] == "detour" else item["kind"]
        return f'<p class="{kind}{inside}">{text}</p>'
    manner = f"<i>({escape(item['manner'])})</i>" if item["manner"] else ""
    only = f'<span class="only">{escape(item["note"])}</span>' if item["note"] else ""
    return f'<p class="line{inside}">{only}<b>{escape(item["speaker"])}</b>{manner}{text}</p>'


def _way(way: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    note = f' <span class="note">{escape(way["note"])}</span>' if way["note"] else ""
    to = ", ".join(_link(name, titles) for name in way["to"])
    links = f'<span class="to">→ {to}</span>' if to else ""
    return f'<li class="{way["kind"]}"><span>{escape(way["text"])}{note}</span>{links}</li>'


def _link(name: str, titles: Mapping[str, str]) -> str:
    return f'<a href="#{escape(name)}">{escape(titles.get(name, name))}</a>'
