"""A headset through OpenXR (pyopenxr): session, eyes, hands, layers. Pip extra `headset`.

Pure parts, tested without a headset: `axes`, `aiming`, `anchor`, `gaze`, `states`, `fade`; `vigil`
is a thread beside. The rest speaks to a runtime from one thread, whose OpenGL context draws:

    headset = Headset("a show")            # DeviceError without runtime or headset
    while headset.follow_events():
        headset.frame(pictures)            # wait, begin, locate late, draw, end
    headset.close()
"""
