"""The platforms: each turns its events into the core's words and back."""
