"""A humanoid robot as a performer's body: joints, limits, stop latch, dead-man's switch."""
