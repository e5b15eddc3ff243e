"""Who may use the console, how many at once, and over which connections."""
