"""Writes the beats of an imported story as a branch file."""

from __future__ import annotations

from xrdrama.authoring.canonical import canonical_text
from xrdrama.authoring.yarn.translating.express import yaml_text
from xrdrama.authoring.yarn.translating.story import NewBeat, NewStory
from xrdrama.story.form import STORY


def branch_text(story: NewStory, start: str, title: str, scene: str) -> tuple[str, dict[int, int]]:
    """The text of the branch file, and for its lines the lines of the Yarn file."""
    lines = ["xrdrama: 1", f"id: {story.name}", f"title: {yaml_text(title)}", "language: en"]
    lines += [f"start: {start}", f"scene: {scene}"]
    places: dict[int, int] = {}
    if story.variables:
        lines.append("vars:")
        lines += [f"  {one.id}: {{{one.form}}}" for one in story.variables.values()]
    if story.cast:
        lines.append("cast:")
        lines += [f"  {role}: {{name: {yaml_text(name)}}}" for role, name in story.cast.items()]
    if story.groups:
        lines.append("storylets:")
        for group in story.groups.values():
            end = story.group_ends.get(group, "")
            lines.append(f"  {group}: {{choose: random{f', else: {end}' if end else ''}}}")
    lines.append("beats:")
    for beat in story.beats.values():
        _beat(lines, places, beat)
    text = "\n".join(lines) + "\n"
    made = canonical_text(text, story.name, STORY)
    return made, places if made == text else {}


def _beat(lines: list[str], places: dict[int, int], beat: NewBeat) -> None:
    lines.append(f"  {beat.id}:")
    places[len(lines)] = beat.line
    if beat.storylet:
        lines.append(f"    storylet: {beat.storylet}")
    if beat.when:
        lines.append(f"    when: {yaml_text(beat.when)}")
        places[len(lines)] = beat.line
    if beat.once:
        lines.append("    once: true")
    if beat.rows:
        lines.append("    script: |")
    for row in beat.rows:
        lines.append(f"      {'  ' * row.depth}{row.text}")
        places[len(lines)] = row.line
    if beat.offers:
        _choice(lines, places, beat)
    elif beat.ends == "return":
        lines.append("    return: true")
    elif beat.ends == "ending":
        lines.append(f"    ending: {beat.id}")
    elif len(beat.ways) == 1 and not beat.ways[0].condition and not beat.ways[0].effects:
        lines.append(f"    next: {beat.ways[0].to}")
    else:
        _ways(lines, places, beat)


def _choice(lines: list[str], places: dict[int, int], beat: NewBeat) -> None:
    lines += ["    choice:", "      options:"]
    for offer in beat.offers:
        lines.append(f"        {offer.id}:")
        lines.append(f"          text: {yaml_text(offer.text)}")
        places[len(lines)] = offer.line
        lines.append(f"          to: {offer.to}")
        if offer.condition:
            lines.append(f"          if: {yaml_text(offer.condition)}")
            places[len(lines)] = offer.line
        if offer.once:
            lines.append("          once: true")
    if beat.otherwise:
        lines.append(f"      else: {beat.otherwise}")


def _ways(lines: list[str], places: dict[int, int], beat: NewBeat) -> None:
    lines.append("    next:")
    for way in beat.ways:
        parts = [f"to: {way.to}"]
        if way.condition:
            parts.append(f"if: {yaml_text(way.condition)}")
        if way.effects:
            parts.append("set: {" + ", ".join(f"{k}: {v}" for k, v in way.effects) + "}")
        lines.append(f"      - {{{', '.join(parts)}}}")
        places[len(lines)] = beat.line
