"""Trackers: UDP sockets that receive their packets, and the simulated operator."""
