"""What commands print: for people on a terminal, without one, and for machines."""
