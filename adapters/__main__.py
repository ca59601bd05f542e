"""The `tminus` command: reads the settings, puts everything together, runs it."""

import argparse
import asyncio
import logging
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Protocol

from adapters.desk import Desk
from adapters.redact import Redact
from bot.bootstrap import Core, build
from bot.domain.check.text import render, render_bank
from bot.errors import TminusError
from bot.library import check_pack, find_pack, pack_folders, write_schemas
from bot.ports import Channel
from bot.settings import Settings, make_data_dir, not_settings, read_settings

log = logging.getLogger("tminus")
LOG_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class App(Channel, Protocol):
    """A platform that answers from its start to its stop; safe to stop at any time."""

    async def start(self) -> None:
        """Returns when the platform answers, however long that takes."""

    async def ends(self) -> None:
        """Returns never while the platform bears with us.

        Raises:
            PlatformError: it ended the connection for good.
        """

    async def stop(self) -> None:
        """Lets what runs finish, and closes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; the exit code is 0, 1 for a pack with errors, 2 for what the operator must set right."""
    options = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        for warning in not_settings():  # said here, where no log file hides it
            print(f"tminus: {warning}", file=sys.stderr)
        if options.command == "pack":
            return _pack(options, settings)
        return asyncio.run(_run(settings))
    except TminusError as error:
        print(f"tminus: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tminus", description="A tutor in Telegram, Discord and the terminal.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start the tutor: on the platforms whose tokens are set, else in the terminal")
    pack = commands.add_parser("pack", help="for authors of packs").add_subparsers(dest="action", required=True)
    for action, about in (
        ("check", "check packs against every rule"),
        ("stats", "print the statistics of packs"),
        ("schema", "write the JSON schemas for editors"),
    ):
        one = pack.add_parser(action, help=about)
        if action != "schema":
            one.add_argument("folders", nargs="*", type=Path, help="packs, by folder or by name; all if none is named")
    return parser


def _pack(options: argparse.Namespace, settings: Settings) -> int:
    if options.action == "schema":
        for path in write_schemas(settings.content_dir):
            print(path)
        return 0
    content = settings.content_dir
    named = [find_pack(given, content) for given in options.folders]
    reports = [check_pack(folder) for folder in named or pack_folders(content)]
    for report in reports:
        print(render(report) if options.action == "check" else render_bank(report, with_topics=True))
    return 0 if all(report.is_ok for report in reports) else 1


async def _run(settings: Settings) -> int:
    began = time.monotonic()
    in_terminal = not (settings.telegram_token or settings.discord_token)
    _log_to(settings, in_terminal=in_terminal)
    core = build(settings)
    try:
        if in_terminal:
            await _talk(core, settings)
        else:
            await _serve(core, settings, began)
    finally:
        core.close()
    return 0


async def _talk(core: Core, settings: Settings) -> None:
    """The tutor in this terminal, until the person leaves."""
    from adapters.terminal.app import TerminalApp  # noqa: PLC0415 - each platform's library loads only where it runs

    data = settings.data_dir
    app = TerminalApp(Desk(core.tutor, core.workers), data / "history", data / "downloads")
    rounds = core.rounds({app.platform: app})
    rounds.start()
    try:
        await app.run()
    finally:
        await rounds.stop()


async def _serve(core: Core, settings: Settings, began: float) -> None:
    """The tutor on every platform with a token, until the process is told to stop.

    No platform waits for another: each is answered, and delivered to, as soon as it is there itself.
    """
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    apps = _apps(Desk(core.tutor, core.workers), settings)
    channels: dict[str, Channel] = {}

    async def run(app: App) -> None:
        await app.start()
        channels[app.platform] = app
        log.info("ready on %s after %.1f s; Ctrl-C stops", app.platform, time.monotonic() - began)
        await app.ends()

    async with AsyncExitStack() as stack:
        for app in apps:
            stack.push_async_callback(app.stop)
        rounds = core.rounds(channels)
        rounds.start()
        stack.push_async_callback(rounds.stop)
        running = [asyncio.create_task(run(app)) for app in apps]
        stack.push_async_callback(_give_up, running)
        await _until(stopped, running)
        log.info("stopping")


def _apps(desk: Desk, settings: Settings) -> list[App]:
    """The platforms whose tokens are set; each platform's library loads only where it runs."""
    apps: list[App] = []
    if settings.telegram_token:
        from adapters.telegram.app import TelegramApp  # noqa: PLC0415

        apps.append(TelegramApp(desk, settings.telegram_token.get_secret_value(), settings.telegram_api_url))
    if settings.discord_token:
        from adapters.discord.app import DiscordApp  # noqa: PLC0415

        token = settings.discord_token.get_secret_value()
        apps.append(DiscordApp(desk, token, settings.discord_api_url, settings.discord_gateway_url))
    return apps


async def _until(stopped: asyncio.Event, running: Sequence[asyncio.Task[None]]) -> None:
    """Returns when the process is told to stop.

    Raises:
        PlatformError: a platform refuses us, at the start or later.
    """
    told = asyncio.create_task(stopped.wait())
    waiting: set[asyncio.Task[Any]] = {told, *running}
    while not told.done():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


async def _give_up(running: Sequence[asyncio.Task[None]]) -> None:
    """Waits no longer for platforms to come or to end."""
    for one in running:
        one.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def _log_to(settings: Settings, *, in_terminal: bool) -> None:
    """Logs to standard error, or to a file where the terminal is taken by the chat; secrets are blanked."""
    handler: logging.Handler = logging.StreamHandler()
    if in_terminal:
        make_data_dir(settings)
        handler = RotatingFileHandler(
            settings.data_dir / "tminus.log", maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True
        )
    secrets = (settings.telegram_token, settings.discord_token, settings.database_url)
    handler.addFilter(Redact([secret.get_secret_value() for secret in secrets if secret]))
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)


if __name__ == "__main__":
    sys.exit(main())
