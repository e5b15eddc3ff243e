"""What the film camera sees: the stage with its walls, floor and stand-in."""
