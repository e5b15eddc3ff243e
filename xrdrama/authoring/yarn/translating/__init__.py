"""Makes stories of Yarn files."""
