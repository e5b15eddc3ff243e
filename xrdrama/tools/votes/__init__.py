"""What the commands `votes` do."""
