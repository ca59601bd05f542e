"""The room that use cases are tried in."""

import pytest

from bot.library import Library
from bot.store.database import Database
from tests.dialogues.chat import MovedClock
from tests.usecases.arena import Arena
from tests.usecases.room import Guest, Room


@pytest.fixture
def room(database: Database, library: Library, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A tutor with the shipped packs on a fresh database."""
    return Room(database, library.packs, MovedClock(), monkeypatch)


@pytest.fixture
def guest(room: Room) -> Guest:
    """One person in the room."""
    return room.person()


@pytest.fixture
def arena(room: Room) -> Arena:
    """The same tutor with groups that fight, and a courier."""
    return Arena(room)
