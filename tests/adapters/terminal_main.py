"""The tutor in a terminal, as `tminus run` starts it, but with a seed and a clock that stands still.

Run as `python -m tests.adapters.terminal_main DATABASE_URL CONTENT_DIR NOW HISTORY`.
"""

import asyncio
import logging
import sys
from datetime import datetime
from pathlib import Path
from random import Random

from adapters.desk import Desk
from adapters.terminal.app import TerminalApp
from bot.bootstrap import build
from bot.settings import Settings

ACCOUNT = "learner"


async def talk(url: str, content: Path, now: datetime, history: Path) -> None:
    settings = Settings(_env_file=None, database_url=url)
    core = build(settings.model_copy(update={"content_dir": content}), lambda: now, Random(7))
    app = TerminalApp(Desk(core.tutor, core.workers), history, history.with_name("downloads"), account=ACCOUNT)
    rounds = core.rounds({app.platform: app})
    rounds.start()
    try:
        await app.run()
    finally:
        await rounds.stop()
        core.close()


def main() -> int:
    logging.disable()  # as in a run: the terminal is for the conversation
    url, content, now, history = sys.argv[1:]
    try:
        asyncio.run(talk(url, Path(content), datetime.fromisoformat(now), Path(history)))
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
