"""The robot's body simulated by MuJoCo (extra `robot-sim`)."""
