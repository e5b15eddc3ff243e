"""`xrdrama graph`: the map of a story as a picture, as a page, and as a tree in the terminal."""
