"""A package of somebody else: a tracker, an input, an output, an importer and an exporter.

It stands for what a user of xrdrama writes: tests install it with entry points of its own, and
bridge/README.md quotes it as the worked examples.
"""
