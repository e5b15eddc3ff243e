"""Texts with values: `You have {coins, plural, one {# coin} other {# coins}}`.

The syntax is that of ICU MessageFormat, as far as stories need it.
"""

from xrdrama.story.text.message import Message, MessageError, parse_message
from xrdrama.story.text.rendering import render

__all__ = ["Message", "MessageError", "parse_message", "render"]
