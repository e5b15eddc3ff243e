"""Open Sound Control from and to consoles of lights, sound and show control, over UDP."""
