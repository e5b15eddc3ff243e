"""Makes a Production from texts, of files or of a take."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from xrdrama.content.compiled import compiled_story
from xrdrama.content.loading import Loaded, header_texts
from xrdrama.content.performers import performer_from
from xrdrama.content.sounds import dubbed_in, lines_of, sound_lengths
from xrdrama.content.stages import ROLE, embedded_files
from xrdrama.content.stories import embedded_story_files
from xrdrama.document import suggestion
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.performer import Performer
from xrdrama.performer.mouth import MouthTrack, parse_mouths
from xrdrama.scene.model import Scene
from xrdrama.scene.parse import parse_scene
from xrdrama.show.cast import Member
from xrdrama.show.looks import Look
from xrdrama.show.model import ShowFile
from xrdrama.show.parse import look_of, parse_show
from xrdrama.show.production import CANCEL, NUMBERS, Production, offers_of, outer_views
from xrdrama.show.settings import given_text
from xrdrama.show.take import Take
from xrdrama.speech.matching import Offer
from xrdrama.speech.pronunciation import pronounce
from xrdrama.stage import Stage, parse_stage
from xrdrama.story import Story
from xrdrama.story.expressions.expression import Value
from xrdrama.story.strings import parse_strings, pronunciations_in
from xrdrama.timing import FrameRate


def produce(loaded: Loaded) -> Production:
    """The Production of loaded texts; AuthoringError with every problem."""
    problems: list[Problem] = []
    show = _shown(loaded, problems)
    lengths = sound_lengths(loaded.text("sounds"))
    name = loaded.roles.get("story", "story")
    asked = show.voices if show else ""
    spoken = lines_of(lengths, asked if asked in dubbed_in(lengths) else "")
    files = embedded_story_files(loaded.roles, loaded.texts)
    story, found = compiled_story(loaded.text("story") or "", name, lasts=spoken, files=files)
    problems += found
    if show is None or story is None:
        raise AuthoringError(problems)
    scenes = _scenes(loaded, problems)
    stage = _stage(loaded, problems)
    cast = _cast(loaded, show, problems)
    mouths = _mouths(loaded, problems)
    missing = {beat.scene for beat in story.order} - set(scenes)
    if missing or any(problem.severity == "error" for problem in problems):
        raise AuthoringError(problems)
    values = _start_values(show, story)
    strings = _strings(loaded, show, story)
    said = {language: pronunciations_in(texts) for language, texts in strings.items()}
    if show.start.beat and show.start.beat not in story.beats:
        hint = suggestion(show.start.beat, story.beats)
        raise UsageError(f"{story.file} has no beat {show.start.beat!r} to start at", hint)
    return Production(
        id=show.id,
        rate=FrameRate.parse(show.rate),
        story=story,
        scenes=scenes,
        stage=stage,
        languages=show.languages,
        strings=strings,
        sounds=lengths,
        offers={beat.id: offers_of(beat, story, strings, said) for beat in story.order},
        numbers=tuple(Offer(str(n), word, pronounce(word)) for n, word in enumerate(NUMBERS, 1)),
        cancel=tuple(Offer("cancel", phrase, pronounce(phrase)) for phrase in CANCEL),
        outer_views=outer_views(stage) if stage else (),
        look=show.look,
        looks=looks_in(show, scenes),
        seed=show.seed,
        start=show.start.beat,
        start_values=values,
        start_timecode=0,
        ambience=show.ambience,
        voice=show.voice,
        hand=show.hand,
        viewers=show.viewers,
        cast=cast,
        voices=show.voices if show.voices != story.language else "",
        mouths=mouths,
        faces=faces_in(show),
        hears_itself=show.hears_itself,
        nodes=show.nodes,
    )


def produce_take(take: Take) -> tuple[Loaded, Production]:
    """The files and the Production with which a take began, and in `later` those of the newer
    versions of its story. Errors: as `header_texts` and `produce`."""
    sources = dict(take.header.sources)
    first = header_texts(sources, take.header.options.get("roles", "{}"))
    later: list[tuple[int, Production]] = []
    for revision in take.revisions:
        sources.update(revision.sources)
        later.append((revision.number, produce(header_texts(sources, revision.roles))))
    return first, replace(produce(first), later=tuple(later))


def faces_in(show: ShowFile) -> dict[str, str]:
    """The performer that each input of a live face drives, by input."""
    driven = {name: given_text(spec.settings, "performer") for name, spec in show.inputs.items()}
    return {name: performer for name, performer in driven.items() if performer}


def looks_in(show: ShowFile, scenes: Mapping[str, Scene]) -> tuple[Look, ...]:
    """The looks of a show file that a set of the show can take; `check` reports the others."""
    found = (look_of(spec, scenes.values()) for spec in show.looks.values())
    return tuple(look for look in found if look is not None)


def show_file(loaded: Loaded) -> ShowFile:
    """The parsed show file of loaded texts; AuthoringError when it has errors."""
    problems: list[Problem] = []
    show = _shown(loaded, problems)
    if show is None:
        raise AuthoringError(problems)
    return show


def _shown(loaded: Loaded, problems: list[Problem]) -> ShowFile | None:
    show, found = parse_show(loaded.text("show") or "", loaded.roles.get("show", "show"))
    problems += found
    return show


def _scenes(loaded: Loaded, problems: list[Problem]) -> dict[str, Scene]:
    scenes = {}
    for role, name in loaded.roles.items():
        if role.startswith("scene/"):
            scene, found = parse_scene(loaded.texts[name], name)
            problems += found
            if scene is not None:
                scenes[role.removeprefix("scene/")] = scene
    return scenes


def _mouths(loaded: Loaded, problems: list[Problem]) -> dict[str, MouthTrack]:
    """The mouth tracks of the language that is heard; {} where the show has none."""
    text = loaded.text("mouths")
    if text is None:
        return {}
    mouths, found = parse_mouths(text, loaded.roles["mouths"])
    problems += found
    return mouths.tracks() if mouths else {}


def _cast(loaded: Loaded, show: ShowFile, problems: list[Problem]) -> dict[str, Member]:
    """The performers of a show, with the problems of their files under the files' names."""
    texts = {role: loaded.texts[name] for role, name in loaded.roles.items()}
    made: dict[str, Performer | None] = {}
    for name in dict.fromkeys(spec.played_by for spec in show.performers.values()):
        made[name], found, _ = performer_from(texts, name)
        problems += [replace(one, file=loaded.roles.get(one.file, one.file)) for one in found]
    cast = {}
    for id, spec in show.performers.items():
        performer = made[spec.played_by]
        if performer is not None:
            cast[id] = Member(spec, performer)
    return cast


def _stage(loaded: Loaded, problems: list[Problem]) -> Stage | None:
    text = loaded.text("stage")
    if text is None:
        return None
    named = {
        role.removeprefix(ROLE): loaded.texts[name]
        for role, name in loaded.roles.items()
        if role.startswith(ROLE)
    }
    stage, found = parse_stage(text, loaded.roles["stage"], embedded_files(named))
    problems += found
    return stage


def _strings(loaded: Loaded, show: ShowFile, story: Story) -> dict[str, dict[str, str]]:
    strings = {story.language: story.texts()}
    for language in show.languages:
        text = loaded.text(f"strings/{language}")
        if text is not None:
            table, _ = parse_strings(text, loaded.roles[f"strings/{language}"], language, story)
            strings[language] = table.texts
    return {language: strings.get(language, {}) for language in show.languages}


def _start_values(show: ShowFile, story: Story) -> dict[str, Value]:
    kinds = {variable.id: variable.kind for variable in story.variables}
    values: dict[str, Value] = {}
    for name, text in show.start.values.items():
        if name not in kinds:
            raise UsageError(f"the story has no variable {name!r}", suggestion(name, kinds))
        try:
            values[name] = kinds[name].value(text)
        except ValueError as error:
            raise UsageError(f"{name}: {error}", kinds[name].remedy(text)) from None
    return values
