"""Tminus for people who tap faster than people do."""

import sys

from adapters import desk
from adapters.__main__ import main

desk.MOST_EVENTS = 1_000_000

if __name__ == "__main__":
    sys.exit(main())
