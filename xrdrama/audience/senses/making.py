"""Makes the audience's senses of a show: which are allowed, and with which engine."""

from __future__ import annotations

from collections.abc import Callable

from xrdrama import content, plugins
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.web.audience.hub import Hub, Shows
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.audience.senses.pipe import FromRecogniser, RecogniserSettings
from xrdrama.audience.senses.receiving import Senses
from xrdrama.audience.senses.recogniser import Recogniser
from xrdrama.content.settings import settings_of
from xrdrama.errors import AuthoringError
from xrdrama.processes.audience import AudienceNotice
from xrdrama.show import Production
from xrdrama.show.model import ShowFile
from xrdrama.wire.senses import Sense

Notice = Callable[[AudienceNotice], None]


def senses_of(
    peer: Peer,
    shows: Shows,
    hub: Hub,
    production: Production,
    file: ShowFile,
    engine: RecogniserSettings,
    say: Notice,
    no_vote: Callable[[int], str],
) -> Senses:
    """The senses that a show file allows its viewers."""

    def now(stream: Stream) -> int:
        if file.audience.mode == "room":
            return peer.now()
        return stream.frame.time.shows_at if stream.frame is not None else 0

    def opens(
        sense: Sense, heard: Callable[[FromRecogniser], None], changed: Callable[[], None]
    ) -> Recogniser:
        settings = engine if sense == "voice" else RecogniserSettings(sense)
        return Recogniser(settings, heard, changed, lambda text: say(AudienceNotice(text)))

    return Senses(shows, hub, production, now, opens, file.audience.senses, no_vote=no_vote)


def engine_of(loaded: content.Loaded, production: Production) -> RecogniserSettings:
    """The engine, the model and the phrases of the show's own voice input; Moonshine for a show
    without one. AuthoringError for invalid settings."""
    path = loaded.path("show")
    for spec in content.show_file(loaded).inputs.values():
        if spec.use != "voice":
            continue
        kind = plugins.input_named(spec.use)
        settings, problems = settings_of(spec, kind, path.parent if path else None)
        if any(problem.severity == "error" for problem in problems):
            raise AuthoringError(problems)
        engine, model = settings.get("engine", "moonshine"), settings.get("model") or ""
        return RecogniserSettings("voice", str(engine), str(model), production.vocabulary)
    return RecogniserSettings("voice", phrases=production.vocabulary)
