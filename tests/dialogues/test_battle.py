"""Battles as groups have them: the real libraries on real sockets, a clock that is moved, dice with a seed."""

import difflib
from itertools import pairwise
from pathlib import Path

import pytest

from tests.dialogues.chat import World
from tests.dialogues.stage import DiscordRoom, Stage, TelegramRoom, open_stage
from tests.platform.discord_people import Person as Member
from tests.platform.telegram_people import Person
from tests.store.engines import on_sqlite

HERE = Path(__file__).parent
NAMES = ("Anna", "Ben", "Chloé")
CALM_S = 2.0  # between two edits of a message on Discord
RULE_CALM_S = 1.0  # of a lobby whose rules are being chosen: its host waits for it


def _is_as_reviewed(name: str, now: str) -> None:
    golden = HERE / name
    if not golden.exists():
        golden.write_text(now, encoding="utf-8")
        pytest.fail(f"{golden} was missing and is written: read it")
    then = golden.read_text(encoding="utf-8")
    changes = difflib.unified_diff(then.splitlines(), now.splitlines(), "golden", "now", lineterm="")
    assert now == then, "\n".join(changes)


Room = TelegramRoom | DiscordRoom
Three = tuple[Person, Person, Person] | tuple[Member, Member, Member]


async def _plays_ten(stage: Stage, room: Room, three: Three) -> None:
    """Ten rounds: Anna is quick, Ben guesses, Chloé does what people do."""
    anna, ben, chloe = three
    for number in range(1, 11):
        question = await room.asks(number)
        right, wrong = stage.keys(question.text), stage.misses(question.text, number)
        if number == 2:  # too fast to have been read
            await stage.passes(1)
            await room.answers(chloe, stage.misses(question.text), question)
        await stage.passes(6)
        await room.answers(anna, wrong if number == 8 else right, question)
        await stage.passes(4)
        if number != 7:
            await room.answers(ben, right if number % 3 == 0 else wrong, question)
        if number == 3:  # once more, and late
            await room.does(ben, "A", question)
        await stage.passes(4)
        if number not in (2, 5):
            await room.answers(chloe, wrong if number == 7 else right, question)
        await stage.until(lambda: room.question is None)
        if number == 4 and not question.options:
            await room.does(ben, "A", question)
    await stage.until(lambda: room.has("Over after"))


@on_sqlite
async def test_ten_rounds_on_telegram(arena: World) -> None:
    async with open_stage(arena, telegram=True) as stage:
        server = stage.telegram
        anna, ben, chloe = (server.person(name) for name in NAMES)
        group = server.group("Study", [anna, ben, chloe])
        room = TelegramRoom(stage, group)
        await room.says(anna, "/battle")
        await stage.passes(2)
        await room.does(ben, "Join")
        await room.does(ben, "Join")
        await room.does(ben, "Start")
        await stage.passes(4)
        await room.does(chloe, "Join")
        await stage.passes(5)
        await room.does(anna, "Start")
        await _plays_ten(stage, room, (anna, ben, chloe))
        await stage.passes(5)
        await room.does(ben, "Rematch")
        await stage.passes(12)
        await room.does(ben, "Rematch")
        await stage.passes(5)
        assert server.busiest(group) <= 18
        assert not any(call.status == 429 for call in server.calls)
        _is_as_reviewed("battle_telegram.txt", room.transcript())


@on_sqlite
async def test_ten_rounds_on_discord(arena: World) -> None:
    async with open_stage(arena, discord=True) as stage:
        server = stage.discord
        anna, ben, chloe = (server.person(name) for name in NAMES)
        room = DiscordRoom(stage, server.guild("Study", [anna, ben, chloe]))
        await room.runs(anna, "battle")
        await stage.passes(2)
        for label in ("Rules", "Mode", "Race", "Back"):
            await room.does(anna, label)
            await stage.passes(2)
        await room.does(ben, "Join")
        await stage.passes(4)
        await room.does(chloe, "Join")
        await room.does(chloe, "Start")
        await stage.passes(4)
        await room.does(anna, "Start")
        await _plays_ten(stage, room, (anna, ben, chloe))
        await stage.passes(20)
        await room.does(ben, "Rematch")
        await stage.passes(5)
        assert _shortest_calm_s(room, but="lobby") >= CALM_S
        assert _shortest_calm_s(room) >= RULE_CALM_S
        assert not any(call.status == 429 for call in server.calls)
        _is_as_reviewed("battle_discord.txt", room.transcript())


def _shortest_calm_s(room: DiscordRoom, *, but: str = "") -> float:
    """The least time between two edits of one message; of all, or of all but the lobbies."""
    spans = []
    for one in room.shown:
        assert one.source is not None
        if but == "lobby" and one.text.startswith("Quiz battle"):
            continue
        edited = one.source.edited_s  # type: ignore[union-attr]
        spans += [later - earlier for earlier, later in pairwise(edited)]
    return min(spans, default=float("inf"))
