"""Compiled ink: `reading` reads its JSON, `flow` finds what is said, `importing` makes a story."""
