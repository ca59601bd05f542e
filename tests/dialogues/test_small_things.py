"""Typos, second thoughts and goodbyes, on every platform."""

import sqlalchemy as sa

from bot.store.tables import metadata
from tests.dialogues.chat import Chat, World


async def test_a_zone_that_does_not_exist_is_answered_and_asked_again(chat: Chat) -> None:
    await chat.runs("start")
    await chat.sees("Which exam")
    await chat.taps("Skip")
    await chat.sees("Where are you")
    await chat.types("Type a city", "Qqxzzy")
    await chat.sees("I don't know a place called")
    await chat.types("Type a city", "Lisbon")
    await chat.sees("Europe/Lisbon")


async def test_a_topic_asks_on_that_topic(chat: Chat) -> None:
    await chat.runs("quiz", topic="kinesis-family", n=2)
    await chat.sees("Question 1 of 2 · Data Engineering")


async def test_without_confidence_the_verdict_comes_at_once(chat: Chat) -> None:
    await chat.runs("settings")
    await chat.sees("Your settings")
    await chat.taps("How sure")
    await chat.sees("how sure you are")
    await chat.taps("Off")
    await chat.sees("Ask how sure: no")
    await chat.runs("quiz")
    await chat.sees("Question 1 of 10")
    await chat.taps("B")  # the first question of a newcomer is a single choice
    await chat.sees("It turns on:")


async def test_forget_asks_and_then_deletes_every_row(chat: Chat, world: World) -> None:
    await chat.runs("quiz")
    await chat.sees("Question 1")
    await chat.taps("B")
    await chat.sees("How sure")
    await chat.runs("forget")
    await chat.sees("Delete everything I know about you")
    await chat.taps("Keep it")
    await chat.sees("Nothing was deleted")
    await chat.runs("forget")
    await chat.sees("Delete everything I know about you")
    await chat.taps("Delete everything")
    await chat.sees("Everything about you is deleted")
    engine = world.core().database.engine
    with engine.connect() as connection:
        left = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name != "pace"
        }
    engine.dispose()
    assert not any(left.values()), left
