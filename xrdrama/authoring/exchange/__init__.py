"""Stories from and to the formats of other tools; plug-ins of `xrdrama import` and `export`."""
