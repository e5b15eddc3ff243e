"""Advice about a stage: what a camera sees of the walls, and what latency and pitch do to it.

- `surfaces`: the walls as convex polygons, and the cameras of a stage. Meshes plug in here.
- `clipping`: polygons in a camera's frame: clipped, subtracted, measured.
- `coverage`: share of the frame on the walls, which edge leaves first, grazing angles, overlap.
- `leaving`: when the frame leaves the walls during a move. `outlook`: whether that of a live camera
  will within a second, from its `course`; `sight`: whether a line of sight meets a piece; `tree`
  finds the pieces that one may meet.
- `slip`: what the stage's delay line (`stage.delays`) does to the picture. `overscan`: the overscan
  that recorded moves need. `moire`: risk of moire. `budget`: wall pixels.
- `shot`: all numbers of one frame. `footprint`: the edge of a frustum on the walls.

Pure computation without arrays: metres, radians inside, nanoseconds of a move or show. A move is a
function from nanoseconds to the tracker's pose in the stage.
"""
