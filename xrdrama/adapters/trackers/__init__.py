"""Trackers: UDP sockets that hear them, and the simulated operator that stands in for one."""
