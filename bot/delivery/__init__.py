"""Brings messages that nobody asked for: due work, outbox, pace, courier. The only event loop in the core."""
