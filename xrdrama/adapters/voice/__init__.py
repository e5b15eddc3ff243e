"""Speech as an input of a show: a microphone, a file or a schedule of clips to `Heard` events.

    source (sources) -> endpointing -> recogniser (moonshine, vosk) -> pronunciation -> Heard

`input.open` is what the entry point names. Every `Hearing` is answered by one `Heard`, whose text
is empty when no word was understood. What an utterance picks is not decided here: `Heard` carries
its phones, and the show matches them.

To add a recogniser: a class with `transcribe(samples) -> str` (recognisers.Recogniser) in a module
of its own that imports its library late, and a line in `input.ENGINES`.
"""
