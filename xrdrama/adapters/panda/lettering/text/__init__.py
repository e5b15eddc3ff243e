"""Text to glyphs and pixels: fonts, direction, shaping, line breaks."""
