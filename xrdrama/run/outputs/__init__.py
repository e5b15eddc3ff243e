"""The outputs of a run: opening them, warming them up, presenting frames; the built-in outputs."""
