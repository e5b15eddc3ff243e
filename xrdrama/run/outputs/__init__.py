"""The outputs of a run: those of our own, opening and warming them up, giving them frames."""
