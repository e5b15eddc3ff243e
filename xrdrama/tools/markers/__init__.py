"""The printed markers of a story: `xrdrama markers`."""
