"""Hands in front of a camera: what each video frame shows, as events of the show.

    source (vision) -> Landmarker (MediaPipe) -> Stillness -> pose_of -> Gestured

- `poses` is the rule: 21 picture landmarks to one of the poses of the wire. Pure.
- `stillness` distinguishes a hand that is held still from one that moves. Pure.
- `landmarks` is the one place that knows MediaPipe; `models` names its model.
- `watching` puts these together for one frame; `input` runs it as a process of a show.

Voting over frames and dwelling on an option happen in the show, where they can be replayed.
Frames never leave the process, nothing is written to disk, and nothing is reported to anyone:
`tests/peers/test_mediapipe_is_silent.py` holds MediaPipe to it.
"""
