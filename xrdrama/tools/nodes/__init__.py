"""What the commands for render nodes do."""
