"""The screenplay text of a beat: dialogue, actions, and the lines that begin with @."""
