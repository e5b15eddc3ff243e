"""The board that a show and its consoles share: frames, pictures, how fast the show is."""
