"""`check` and `fmt`: stories, scenes, stages, shows, and their fonts and sounds."""
