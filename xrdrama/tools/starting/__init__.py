"""`xrdrama new` and `xrdrama scene new`: folders to start from, commented and complete."""
