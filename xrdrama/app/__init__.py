"""The composition root: builds what commands need out of the core and the adapters, and runs it.

The one place that knows which adapters there are; they are found through entry points
(xrdrama.plugins), which the built-in ones use, too.
"""
