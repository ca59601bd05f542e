"""The core of Tminus: synchronous, and blind to platforms, networks and event loops."""
