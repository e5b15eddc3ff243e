"""The outside world: one folder for each outside library; no folder knows another.

Only adapters do I/O, keep clocks and start threads. They fill the ports of `xrdrama.show.ports`,
are found through entry points (`xrdrama.plugins`), and are connected by `xrdrama.app`.
"""
