"""Sound: files decoded (PyAV), sound events mixed (numpy), played live (sounddevice).

The 48 kHz sample clock of the show is the one clock: an event says at which sample it starts,
live and in a take, so the mix of a take is the same to the sample.
"""
