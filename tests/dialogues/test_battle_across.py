"""A Telegram group against a Discord server: one process, one clock, one battle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from bot.delivery import courier
from bot.domain.battle import Phase
from bot.domain.ids import BattleId
from tests.dialogues.chat import World
from tests.dialogues.stage import DiscordRoom, Stage, TelegramRoom, open_stage
from tests.platform.discord_people import Person as Member
from tests.platform.telegram_people import Person
from tests.store.engines import on_sqlite

SENDING_S = 0.3  # of real time that a message is given here: a platform that is away is asked often


@dataclass
class Meeting:
    """Three on Telegram, two on Discord."""

    here: TelegramRoom
    there: DiscordRoom
    three: Sequence[Person]
    two: Sequence[Member]


async def _meets(stage: Stage) -> Meeting:
    three = [stage.telegram.person(name) for name in ("Anna", "Ben", "Chloé")]
    two = [stage.discord.person(name) for name in ("Dan", "Eve")]
    here = TelegramRoom(stage, stage.telegram.group("Study", three))
    there = DiscordRoom(stage, stage.discord.guild("Home", two))
    await here.says(three[0], "/battle open 5")
    await stage.passes(1)
    code = re.search(r"/battle join (\w{6})", here.last.text)
    assert code
    await there.runs(two[0], "battle", do="join", **{"with": code[1].lower()})
    await stage.passes(1)
    for who in three[1:]:
        await here.does(who, "Join")
    await there.does(two[1], "Join")
    await stage.passes(8)
    return Meeting(here, there, three, two)


async def _answers(stage: Stage, meeting: Meeting, number: int) -> None:
    """Two of three are right on Telegram, one of two on Discord."""
    asked = await meeting.here.asks(number)
    also = await meeting.there.asks(number)
    right, wrong = stage.keys(also.text), stage.misses(also.text)
    await stage.passes(8)
    for who, letters in zip(meeting.three, (right, wrong, right), strict=True):
        await meeting.here.answers(who, letters, asked)
    for member, letters in zip(meeting.two, (right, wrong), strict=True):
        await meeting.there.answers(member, letters, also)
    await stage.until(lambda: meeting.here.question is None and meeting.there.question is None)


@on_sqlite
async def test_teams_of_unequal_size_are_ranked_by_their_means(arena: World) -> None:
    async with open_stage(arena, telegram=True, discord=True) as stage:
        meeting = await _meets(stage)
        for room in (meeting.here, meeting.there):
            assert "Each group is a team: its mean counts." in room.find("Quiz battle").text
        assert "🔴 this group: Anna, Ben, Chloé" in meeting.here.find("Quiz battle").text
        assert "🔴 the Telegram group: Anna, Ben, Chloé" in meeting.there.find("Quiz battle").text
        assert await meeting.there.does(meeting.two[1], "Start") == (
            "Only the host or an admin of this group can do that."
        )
        await meeting.here.does(meeting.three[0], "Start")
        for number in range(1, 6):
            await _answers(stage, meeting, number)
        await stage.until(lambda: meeting.here.has("Over after 5 rounds") and meeting.there.has("Over after 5 rounds"))
        here, there = meeting.here.last.text, meeting.there.last.text
        assert "🔴 this group wins\n🔴 this group 333 points\n🔵 the Discord server 250 points" in here
        assert "🔴 the Telegram group wins\n🔴 the Telegram group 333 points\n🔵 this group 250 points" in there
        assert "Dan · 500 points · 5 of 5 right 🔵" in here
        assert "Ben · 0 points · 0 of 5 right 🔴" in there
        assert stage.telegram.busiest(meeting.here.group) <= 18
        assert not any(call.status == 429 for call in stage.telegram.calls + stage.discord.calls)


@on_sqlite
async def test_an_outage_of_one_side_pauses_both_and_the_battle_goes_on_after(
    arena: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "AT_ONCE", courier.Hurry(courier.URGENT_LEASE_S, SENDING_S, courier.URGENT_WAIT_S))
    async with open_stage(arena, telegram=True, discord=True) as stage:
        meeting = await _meets(stage)
        await meeting.here.does(meeting.three[0], "Start")
        await _answers(stage, meeting, 1)
        stage.discord.refuse(1_000_000, status=503, path="/channels/")
        await stage.until(lambda: meeting.here.has("Discord can't be reached. The battle waits for it."), 60, 1)
        assert _phase(stage) is Phase.POSED
        await stage.passes(20, 1)
        assert _phase(stage) is Phase.POSED
        assert sum("⏸" in one.text for one in meeting.here.shown) == 1
        stage.discord.rates.troubles.clear()
        for number in range(2, 6):
            await _answers(stage, meeting, number)
        await stage.until(lambda: meeting.here.has("Over after 5 rounds") and meeting.there.has("Over after 5 rounds"))
        assert "333 points" in meeting.here.last.text
        assert sum("Round 2 of 5" in one.text.partition("\n")[0] for one in meeting.there.shown) == 1


def _phase(stage: Stage) -> Phase:
    with stage.core.database.begin() as work:
        one = work.battle_as_is(BattleId(1))
    assert one
    return one.phase
