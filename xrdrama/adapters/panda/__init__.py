"""Panda3D: virtual sets, LED walls, the through-the-lens view, captions, verification of walls.

    compiled scene -> VirtualSet -> inner and outer pictures -> LedWall's canvas -> ThroughTheLens

Our own physically based shading for many views of one set, in OpenGL 3.3 core without a screen
(EGL) or in a window. Pictures are returned as arrays; nothing here uses files, takes or stories.
"""
