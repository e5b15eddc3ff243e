"""What a viewer with a headset looks at, points at and picks."""
