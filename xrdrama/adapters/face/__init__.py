"""Faces in front of a camera: what each video frame shows, as events of the show.

    source (vision) -> Landmarker (MediaPipe) -> Watch -> Faced

- `landmarks` is the one place that knows MediaPipe's face model; `models` names it.
- `watching` stays with one face.
- `input` runs it as a process of a show, with 24 events a second at most.

Only numbers leave the process: 52 values from 0 to 255 and three angles. A picture is nowhere
written, recorded or sent; `tests/adapters/face/test_privacy.py` holds the input to it.
"""
