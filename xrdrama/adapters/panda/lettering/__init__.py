"""Text in pictures: fonts, direction, shaping, line breaks, captions and cards."""
