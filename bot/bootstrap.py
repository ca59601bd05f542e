"""Puts the core together: the one module that knows the store, the library and the atlas."""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from bot.atlas import TownAtlas
from bot.delivery.rounds import Rounds
from bot.library import load_library
from bot.ports import Channel
from bot.settings import Settings
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.tutor import Clock, Tutor


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads it


@dataclass(frozen=True, slots=True)
class Core:
    """A tutor ready to answer."""

    tutor: Tutor
    database: Database
    clock: Clock

    @property
    def workers(self) -> Executor:
        """The threads that turns run on."""
        return self.database.workers

    def rounds(self, channels: Mapping[str, Channel]) -> Rounds:
        """Delivery to these platforms."""
        return Rounds(self.database, self.tutor, self.clock, self.workers, channels)

    def close(self) -> None:
        """Lets what runs end, and closes the database."""
        self.database.close()


def build(settings: Settings, clock: Clock = utc_now, rng: Random | None = None) -> Core:
    """The core on the database and packs of these settings, its tables brought up to date.

    Raises:
        SettingError: the database's address can't be read.
        StoreError: the database can't be opened, or a newer Tminus wrote it.
        PackError: a pack is broken.
    """
    library = load_library(settings.content_dir)
    database = Database(settings.url)
    try:
        database.check()
        migrate(database)
    except BaseException:
        database.close()
        raise
    tutor = Tutor(database, library.packs, TownAtlas(), clock, rng or Random())  # noqa: S311 - dice for shuffling, not for secrets
    return Core(tutor, database, clock)
