"""What a machine can tell of a pack's quality: pure rules over a pack that has been read.

The rules and their fixes are the table in `rules`; each theme has a module; `text` prints a report for authors.
`content/README.md` explains every rule to authors, and a test holds the two lists together.
"""

from bot.domain.check.report import Report, check

__all__ = ["Report", "check"]
