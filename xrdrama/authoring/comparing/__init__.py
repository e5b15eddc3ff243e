"""Compares two versions of a story by what its parts mean, not by lines of the file."""

from xrdrama.authoring.comparing.changes import Change, compare
from xrdrama.authoring.comparing.matching import words
from xrdrama.authoring.comparing.summary import summary

__all__ = ["Change", "compare", "summary", "words"]
