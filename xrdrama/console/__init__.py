"""The director's console: a web server that sends commands to a show and shows its state."""
