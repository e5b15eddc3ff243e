"""Draw digital performers: skinned figures with morphing faces, in the pose that a frame has."""
