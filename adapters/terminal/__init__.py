"""The tutor in a terminal: a line in, a screenful out."""
