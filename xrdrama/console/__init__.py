"""The director's console: commands in, state and pictures out."""
