"""Advice about a stage: what a camera sees of the walls, and what latency and pitch do to it.

- `surfaces`: the walls as convex polygons, and the cameras of a stage. Meshes plug in here.
- `clipping`: polygons in a camera's frame: clipped, subtracted, measured.
- `coverage`: share of the frame on the walls, which edge leaves first, grazing angles, overlap.
- `leaving`: when the frame leaves the walls during a move. `outlook`: whether that of a live camera
  will within a second, from its `course`; `tree` finds the pieces that a line of sight may meet.
- `delays`: the delay line from the tracker to the exposure. `slip`: what it does to the picture.
- `overscan`: the overscan that recorded moves need. `moire`: risk of moire. `budget`: wall pixels.

Pure computation without arrays: metres, radians inside, nanoseconds of a move or show. A move is a
function from nanoseconds to the tracker's pose in the stage.
"""
