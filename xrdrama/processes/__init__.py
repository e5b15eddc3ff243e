"""Processes that run beside a show (inputs, viewers, console), and the cache of compiled sets."""
