"""The work of the commands that open a take: replay it, render it, draw stills of it."""
