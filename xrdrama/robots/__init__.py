"""Bodies of robots that follow a show: the process at the robot, and the simulated robot."""
