"""`check` and `fmt`: stories, scenes, stages, shows, and what must be drawn and heard."""
