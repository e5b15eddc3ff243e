"""ST maps: distortion of a lens as pictures (EXR), for compositors.

The convention is Nuke's STMap: red is x from the left edge, green is y from the bottom edge, both 0
to 1 across the picture that is sampled, at the middle of each pixel of the picture that is made.

- `redistort`: one pixel for each of the camera's picture; where to sample the rectilinear
  picture, which is larger by the overscan about the middle of the sensor.
- `undistort`: one pixel for each of that rectilinear picture, overscan included; where to sample
  the camera's picture. Values outside 0 to 1 are outside the camera's picture; -1 is outside the
  domain of the distortion.
"""
