"""A headset through OpenXR (pyopenxr): session, eyes, hands, layers. Pip extra `headset`.

The parts `axes`, `aiming`, `anchor`, `gaze`, `states` and `fade` are pure. `watchdog`
is a separate thread. The rest calls the runtime from one thread, in whose OpenGL context it draws:

    headset = Headset("a show")            # DeviceError without runtime or headset
    while headset.follow_events():
        headset.frame(pictures)            # wait, begin, locate late, draw, end
    headset.close()
"""
