"""The LED wall: inner and outer frusta on the processor canvas."""
