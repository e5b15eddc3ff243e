"""Files that describe the surface of a wall: bytes in, triangles out, no I/O.

Each reader raises RemoteProtocolError, and nothing else, for bytes that it cannot use.
"""

from xrdrama.stage.surfaces.surface import MOST_TRIANGLES, Corner, Surface

__all__ = ["MOST_TRIANGLES", "Corner", "Surface"]
