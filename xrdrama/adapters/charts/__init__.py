"""Charts as PNG, drawn with Pillow: lines over time, maps of colours, plans of a stage."""
