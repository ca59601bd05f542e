"""What is answered in a battle is learned from, as if it had been practised; and who only played may begin any time."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.incoming import Place
from bot.domain.answer import Cause
from bot.domain.battle import Phase
from bot.domain.learner import ONBOARDING, Field
from bot.domain.practice import SessionKind
from bot.store.tables import account, ask, attempt, due, memory, session, strike
from bot.usecases.fought import FinalShown, Told
from bot.usecases.outcome import Asked, Graded, Locked, Picker
from tests.domain.items import choice, pack
from tests.store.engines import on_sqlite
from tests.usecases.arena import Arena, only
from tests.usecases.room import Guest, Room
from tests.usecases.test_fight import of_one, of_several, open_round
from tests.usecases.test_muster import told
from tests.usecases.test_referee import crowd


def one_concept(arena: Arena) -> None:
    only(arena.room, pack({"streams/c1": [choice("s-1", (1,))]}))


def memories(room: Room, learner: int) -> list[Any]:
    columns = [column for column in memory.c if column.name != "learner_id"]
    return [tuple(row) for row in room.select(sa.select(*columns).where(memory.c.learner_id == learner))]


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("known", [True, False])
def test_an_answer_is_kept_as_practice_would_have_kept_it(arena: Arena, right: bool, known: bool) -> None:
    one_concept(arena)
    room, group = arena.room, arena.group()
    anna, eve = group("Anna"), room.person("Eve@telegram")
    for guest in (room.person(anna.account), eve):
        guest.does(wants.Choose(Field.CONFIDENCE, "off"))
        if known:
            guest.says("/quiz 1")
            guest.answers(confidence=None)
    if known:
        arena.clock.waits(days=4)
    anna.says("/battle 5")
    arena.delivers()
    anna.taps("Start")
    arena.delivers()
    eve.says("/quiz 1")
    arena.passes(7)
    anna.answers(right=right)
    eve.answers(right=right, confidence=None)
    anna.says("/battle stop")
    before = memories(room, anna.learner)
    arena.passes(30)
    assert memories(room, anna.learner) == before
    assert room.tutor.keep_answers(10) == 1
    assert memories(room, anna.learner) == memories(room, int(eve.learner.id))
    mine, hers = (
        next(one for one in reversed(room.attempts()) if one.learner == who) for who in (anna.learner, eve.learner.id)
    )
    assert (mine.item, mine.chosen, mine.is_right) == (hers.item, hers.chosen, hers.is_right)
    assert (mine.answered_at, mine.confidence, mine.domain) == (hers.answered_at, hers.confidence, hers.domain)
    assert mine.took_s == pytest.approx(hers.took_s, abs=0.5)
    assert mine.cause is None


def test_everything_is_kept_once_a_few_at_a_time(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 5", "Ben")
    arena.plays_out([anna], [ben])
    assert [arena.room.tutor.keep_answers(4) for _ in range(4)] == [4, 4, 2, 0]
    kept = arena.room.attempts()
    assert len(kept) == 10
    assert sum(one.is_right for one in kept) == 5
    sessions = arena.room.select(sa.select(session))
    assert [(one.kind, one.size) for one in sessions] == [(SessionKind.BATTLE.value, 5)] * 2
    numbers = arena.room.select(sa.select(ask.c.number, ask.c.state).where(ask.c.learner_id == anna.learner))
    assert sorted(numbers) == [(n, "closed") for n in range(1, 6)]


@on_sqlite
def test_a_rash_answer_is_noted_as_rushed(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = open_round(arena, group)
    anna.answers(right=False)
    arena.passes(4)
    ben.answers(right=False)
    arena.comes_to(Phase.SHOWN)
    arena.room.tutor.keep_answers(10)
    causes = {one.learner: one.cause for one in arena.room.attempts()}
    assert causes == {anna.learner: Cause.RUSHED, ben.learner: None}


@on_sqlite
def test_what_is_begun_and_not_answered_is_not_kept(arena: Arena) -> None:
    of_several(arena)
    group = arena.group()
    anna, ben = open_round(arena, group)
    anna.strikes(group.keys()[0])
    ben.answers()
    arena.comes_to(Phase.SHOWN)
    assert arena.room.tutor.keep_answers(10) == 1


def test_of_who_had_everything_deleted_nothing_is_kept(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 5", "Ben")
    arena.plays([anna, ben])
    arena.comes_to(Phase.OPEN)
    ben.answers()
    gone = ben.learner
    ben.alone("/forget")
    ben.alone(wants.Erase())
    arena.plays_out([anna])
    assert arena.room.tutor.keep_answers(100) == 5
    for table in (strike, memory, attempt, ask, session):
        assert not arena.room.select(sa.select(table.c.learner_id).where(table.c.learner_id == gone))
    assert [one.player.name for one in group.last(FinalShown).standings] == ["Anna"]


@on_sqlite
def test_a_battle_leaves_private_practice_where_it_stands(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna = group("Anna")
    guest = Guest(arena.room, anna.who, Place(anna.account), "en")
    assert isinstance(guest.says("/quiz 3"), Asked)
    stands = guest.posed().ask.id
    fighters = crowd(arena, group, "/battle 5", "Ben")
    arena.plays(fighters)
    arena.room.tutor.keep_answers(10)
    guest.says("/progress")
    outcome = guest.says("a")
    assert isinstance(outcome, Locked | Graded)
    assert outcome.posed.ask.id == stands


@on_sqlite
def test_letters_in_private_are_no_answer_to_a_battle(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    fighters = crowd(arena, group, "/battle 5", "Ben")
    arena.plays(fighters)
    arena.room.tutor.keep_answers(10)
    before = len(arena.room.attempts())
    fighters[0].alone("b")
    assert len(arena.room.attempts()) == before


@pytest.mark.parametrize("platform", ["telegram", "discord"])
def test_who_never_wrote_in_private_plays_and_begins_later_as_everybody_does(arena: Arena, platform: str) -> None:
    of_one(arena)
    group = arena.group(platform)
    fighters = crowd(arena, group, "/battle 5", "Ben")
    arena.plays_out(fighters)
    anna = fighters[0]
    assert group.last(FinalShown).has_newcomers
    rows = arena.room.select(sa.select(account.c.account, account.c.chat, account.c.is_reachable))
    assert {(chat, reachable) for _, chat, reachable in rows} == {(None, False)}
    assert not arena.room.select(sa.select(due.c.learner_id))
    arena.room.tutor.keep_answers(100)
    guest = Guest(arena.room, anna.who, Place(anna.account), "en")
    outcome = guest.says("/start")
    assert isinstance(outcome, Picker)
    assert outcome.field is ONBOARDING[0]
    assert guest.learner.pushes_on
    assert guest.learner.id == anna.learner
    guest.says("/help")
    assert arena.room.select(sa.select(due.c.learner_id)) == [(anna.learner,)]
    guest.does(wants.Choose(Field.PUSHES, "off"))
    arena.passes(16)
    anna.says("/battle 5")
    assert not guest.learner.pushes_on
    guest.says("/start")
    assert not guest.learner.pushes_on  # said no before


@on_sqlite
def test_who_wrote_in_private_first_is_no_newcomer(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    for name in ("Anna", "Ben"):
        group(name).alone("/help")
    arena.plays_out(crowd(arena, group, "/battle 5", "Ben"))
    assert not group.last(FinalShown).has_newcomers


@on_sqlite
def test_a_sessions_battle_of_a_long_scope_is_kept(arena: Arena) -> None:
    group = arena.group()
    anna = group("Anna")
    assert told(anna.says("/battle exploratory data analysis 5")) is Told.OPENED
    arena.delivers()
    anna.taps("Start")
    arena.comes_to(Phase.OPEN)
    anna.answers()
    arena.comes_to(Phase.SHOWN)
    assert arena.room.tutor.keep_answers(10) == 1
