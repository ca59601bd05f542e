"""One conversation from /start to the tenth answer, the same on every platform, with the same outcomes."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.tables import ask, attempt, learner, session
from tests.dialogues.chat import Chat, World

OUTCOMES = Path(__file__).parent / "ten_questions.txt"
CONFIDENCE = ("Sure", "Leaning", "Guess")
KEYS = {"TWO": 2, "THREE": 3}


@pytest.fixture
def world(database_url: str) -> World:
    """A world with a small pack of its own, so that the outcomes don't change when a shipped pack grows."""
    return World(database_url, content=Path(__file__).parent / "content")


async def test_ten_questions_have_the_same_outcomes_on_every_platform(chat: Chat, world: World) -> None:
    await chat.runs("start")
    await chat.sees("SKY-01: Planets for Beginners")
    await chat.taps("Skip")
    await chat.sees("Where are you")
    await chat.types("Type a city", "berlin")
    await chat.sees("Europe/Berlin")
    await chat.taps("Not booked yet")
    await chat.taps("20:00")
    await chat.sees("How many minutes")
    await chat.taps("30 min")
    await chat.sees("You are set")
    await chat.taps("First question")
    for number in range(1, 11):
        await chat.sees(f"Question {number} of 10")
        await _answer(chat, number)
        world.clock.waits(seconds=40)
        await chat.taps("Next" if number < 10 else "Finish")
    await chat.sees("of 10 right")
    outcomes = _outcomes(world)
    assert outcomes == OUTCOMES.read_text(encoding="utf-8"), outcomes


async def _answer(chat: Chat, number: int) -> None:
    """Marks or picks by the number of the question, and says how sure."""
    if several := re.search(r"\(Choose (TWO|THREE)\.\)", chat.shown):
        for letter in "ABC"[: KEYS[several[1]]]:
            await chat.taps(letter)
            await chat.sees("Question")
        await chat.taps("Submit")
    else:
        await chat.taps("ABCD"[number % 4])
    await chat.sees("How sure are you?")
    await chat.taps(CONFIDENCE[number % 3])
    verdict = await chat.sees("It turns on:")
    assert ("Not this time" in verdict) == ("Misread" in chat.labels)
    if "Misread" in chat.labels and number % 2:
        await chat.taps("Misread")
        await chat.sees("Noted:")


def _outcomes(world: World) -> str:
    """What the database holds of the conversation, one answer a line, without ids and times of a platform."""
    engine = world.core().database.engine
    with engine.connect() as connection:
        who = connection.execute(sa.select(learner.c.zone, learner.c.push_time, learner.c.minutes)).one()
        rows = connection.execute(
            sa.select(
                ask.c.number,
                session.c.kind,
                attempt.c.item,
                attempt.c.chosen,
                attempt.c.is_right,
                attempt.c.confidence,
                attempt.c.cause,
            )
            .join(ask, ask.c.id == attempt.c.ask_id)
            .join(session, session.c.id == ask.c.session_id)
            .order_by(ask.c.number)
        ).all()
    engine.dispose()
    lines = [f"{who.zone} {who.push_time:%H:%M} {who.minutes} min"]
    lines += [
        f"{row.number} {row.kind} {row.item} chose {','.join(map(str, row.chosen))} "
        f"{'right' if row.is_right else 'wrong'} {row.confidence} {row.cause or '-'}"
        for row in rows
    ]
    return "\n".join(lines) + "\n"
