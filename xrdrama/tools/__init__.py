"""The work of single commands, without option parsing."""
