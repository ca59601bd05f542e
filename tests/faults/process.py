"""The real process, started and killed as an operator's machine would."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).parents[2]
START_S = 60.0
COMMAND = (sys.executable, "-m", "tests.faults.clocked")


def environment(clock: Path, folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """What the process is started with: these settings and none of the machine's own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TMINUS_")}
    return {**clean, "TMINUS_TEST_CLOCK": str(clock), "TMINUS_DATA_DIR": str(folder), **settings}


@dataclass
class Tminus:
    """A `tminus run` on given settings, with a clock that tests move; killed and started at will."""

    settings: Mapping[str, str]
    folder: Path
    platforms: int = 1  # that a start waits for
    process: asyncio.subprocess.Process | None = None
    log: list[str] = field(default_factory=list)
    killed: int = 0  # times
    _reader: asyncio.Task[None] | None = None
    _ready: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    def __post_init__(self) -> None:
        self._clock = self.folder / "clock"
        self.moves_clock(0)

    def moves_clock(self, seconds: float) -> None:
        """Sets how far ahead the process's clock is."""
        beside = self._clock.with_suffix(".new")
        beside.write_text(str(seconds), encoding="utf-8")
        beside.replace(self._clock)

    async def starts(self) -> None:
        """Starts the process and returns when it is ready."""
        self._ready = asyncio.Semaphore(0)
        self.process = await asyncio.create_subprocess_exec(
            *COMMAND,
            cwd=TOP,
            env=environment(self._clock, self.folder, self.settings),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._read(self.process))
        try:
            async with asyncio.timeout(START_S):
                for _ in range(self.platforms):
                    await self._ready.acquire()
        except TimeoutError:
            raise AssertionError("the process does not get ready:\n" + "\n".join(self.log)) from None

    async def kills(self) -> None:
        """`kill -9`."""
        self.killed += 1
        await self._ends(signal.SIGKILL)

    async def stops(self) -> None:
        """What systemd or Ctrl-C would do."""
        await self._ends(signal.SIGTERM)

    async def _ends(self, by: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(by)
            await self.process.wait()
        if self._reader:
            await self._reader
        self.process = self._reader = None

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self.log.append(line.decode(errors="replace").rstrip())
            if "ready on" in self.log[-1]:
                self._ready.release()


@asynccontextmanager
async def tminus(settings: Mapping[str, str], folder: Path, platforms: int = 1) -> AsyncIterator[Tminus]:
    """A started process; it is gone when the block ends."""
    process = Tminus(settings, folder, platforms)
    try:
        await process.starts()
        yield process
    finally:
        await process.kills()
