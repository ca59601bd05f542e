"""What crosses the border between the core and a platform."""
