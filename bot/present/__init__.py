"""Chooses words and layout for outcomes, in the person's language."""
