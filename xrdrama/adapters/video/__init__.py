"""Video files (PyAV): pictures in, MP4 out; segments joined with their sound. Stills (Pillow)."""
