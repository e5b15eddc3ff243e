"""The audience of a show: its server, what requests become, the room's show and viewers' own."""
