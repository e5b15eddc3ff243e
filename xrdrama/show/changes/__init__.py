"""What changes a show: an entry of the log, a pick, a command, the story going on."""
