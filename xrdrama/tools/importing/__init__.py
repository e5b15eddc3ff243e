"""`xrdrama scene import`: a model of another program becomes the folder of a set."""
