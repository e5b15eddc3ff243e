"""Parses the screenplay text of a beat: dialogue, actions, and lines that begin with @."""
