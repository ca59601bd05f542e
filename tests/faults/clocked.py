"""`tminus run` with a clock that a test moves: the file named by TMINUS_TEST_CLOCK holds the seconds to add."""

import os
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import adapters.__main__ as command
from bot.bootstrap import build, utc_now


def moved_now() -> datetime:
    """The wall clock and what the test added."""
    return utc_now() + timedelta(seconds=float(Path(os.environ["TMINUS_TEST_CLOCK"]).read_text(encoding="utf-8")))


if __name__ == "__main__":
    command.build = partial(build, clock=moved_now)  # type: ignore[attr-defined]
    sys.exit(command.main(["run"]))
