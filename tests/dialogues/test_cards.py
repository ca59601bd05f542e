"""Flashcards, tips and labs, as a person goes through them on every platform."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.tables import ask, attempt, memory
from tests.dialogues.chat import Chat, World


@pytest.fixture
def world(database_url: str) -> World:
    """A world with a small pack of its own: two cards on rocky planets, one on giants."""
    return World(database_url, content=Path(__file__).parent / "content")


async def test_a_hand_of_cards_from_the_first_front_to_the_summary(chat: Chat, world: World) -> None:
    await chat.runs("cards", topic="rocky")
    front = await chat.sees("Card 1 of 2 · Inner Planets")
    assert list(chat.labels) == ["Show"]
    assert "Because" not in front
    await chat.taps("Show")
    back = await chat.sees("Because:")
    assert "Card 1 of 2" in back
    assert list(chat.labels) == ["Knew it", "Not yet"]
    await chat.taps("Not yet")
    await chat.sees("Card 2 of 2")
    await chat.taps("Show")
    await chat.sees("Because:")
    await chat.taps("Knew it")
    await chat.sees("1 of 2 known")
    await chat.sees("The next card is due in 5 hours.")
    world.clock.waits(hours=6)
    await chat.taps("More cards")
    again = await chat.sees("Card 1 of 2")
    assert again.splitlines()[-1] in front, "what was not known comes first"
    assert _kept(world) == (3, 0, 2)


async def test_the_guide_leads_to_tips_reading_and_a_lab(chat: Chat) -> None:
    await chat.runs("guide")
    await chat.sees("For which domain?")
    await chat.taps("Inner Planets")
    await chat.sees("Say the order of the planets aloud")
    await chat.taps("Reading")
    await chat.sees("Which way does Venus turn?")
    await chat.taps("Labs")
    await chat.sees("how to clean up")
    await chat.taps("30 min")
    await chat.sees("Look west after sunset")
    await chat.taps("Done")
    await chat.sees("✅ Done.")


async def test_a_domain_is_named_after_the_command(chat: Chat) -> None:
    await chat.runs("guide", domain="inner")
    await chat.sees("Tips · Inner Planets")
    await chat.runs("lab", topic="rocky")
    await chat.sees("Lab: Find Venus")


def _kept(world: World) -> tuple[int, ...]:
    """Asks, attempts and memories."""
    engine = world.core().database.engine
    with engine.connect() as connection:
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (ask, attempt, memory)
        ]
    engine.dispose()
    return tuple(counts)
