"""Compiling a scene and its models into one GLB and one scene.json."""
