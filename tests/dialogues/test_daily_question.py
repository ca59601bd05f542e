"""The daily question, as a person meets it on every platform."""

import sqlalchemy as sa

from bot.store.tables import outbox
from tests.dialogues.chat import Chat, World


async def _sets_the_hour(chat: Chat, hour: str) -> None:
    await chat.runs("start")
    await chat.sees("Which exam")
    await chat.taps("Skip")
    await chat.types("Type a city", "Berlin")
    await chat.sees("When do you sit")
    await chat.taps("Not booked yet")
    await chat.sees("daily question")
    await chat.types("Another time", hour)
    await chat.sees("How many minutes")
    await chat.taps("Skip")
    await chat.sees(f"Daily question: {hour}")


async def test_it_comes_at_the_local_minute_once_and_is_answered_with_one_tap(chat: Chat, world: World) -> None:
    await _sets_the_hour(chat, "10:02")  # the world's clock stands at 10:00 in Berlin
    world.clock.waits(minutes=2)
    await chat.sees("Your question of the day")
    await chat.taps("A" if "Submit" not in chat.labels else "B")
    await chat.sees("Question 1 of 3")
    world.clock.waits(hours=3)
    await chat.runs("today")
    await chat.sees("Today")
    assert _pushes(world) == ["sent"]


async def test_it_stays_away_when_it_was_switched_off(chat: Chat, world: World) -> None:
    await _sets_the_hour(chat, "10:02")
    await chat.runs("settings")
    await chat.sees("Your settings")
    await chat.taps("Daily question")
    await chat.sees("every day?")
    await chat.taps("Off")
    await chat.sees("Daily question: off")
    world.clock.waits(days=2)
    await chat.runs("today")
    await chat.sees("Today")
    assert _pushes(world) == []


def _pushes(world: World) -> list[str]:
    engine = world.core().database.engine
    with engine.connect() as connection:
        states = list(connection.execute(sa.select(outbox.c.state).order_by(outbox.c.id)).scalars())
    engine.dispose()
    return states
