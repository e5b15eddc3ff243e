"""The map of a story: layered layout, chapters, boxes of beats, and the drawing as SVG."""
