"""Twine's stories: Twee 3 files and Twine's HTML files, with SugarCube's and Harlowe's macros.

`read` and `write` are the plug-in `twee` of `xrdrama import` and `export`.
"""

from xrdrama.authoring.exchange.twee.reading import read
from xrdrama.authoring.exchange.twee.writing import not_carried_over, write

SUFFIXES = (".twee", ".tw", ".html", ".htm")

__all__ = ["SUFFIXES", "not_carried_over", "read", "write"]
