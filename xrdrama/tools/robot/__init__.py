"""`xrdrama robot`: the simulated robot in a show, and the process at a robot."""
