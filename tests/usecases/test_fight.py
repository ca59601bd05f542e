"""Answers in a battle: taps, several of several, votes, too late, too early, from elsewhere, and of strangers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.incoming import Incoming
from bot.domain.battle import LATE, MOST_TAPS, No, Phase
from bot.domain.ids import BattleId
from bot.domain.item import MultipleResponse, SingleChoice
from bot.store.tables import learner, player, strike
from bot.usecases.fought import FinalShown, Lobby, ResultShown, RoundShown, Told
from tests.domain.items import choice, pack
from tests.store.engines import on_postgres, on_sqlite
from tests.usecases.arena import Arena, Fighter, Group, only
from tests.usecases.room import Room
from tests.usecases.test_muster import linked, no, opened, told


def open_round(arena: Arena, group: Group, line: str = "/battle 5") -> tuple[Fighter, Fighter]:
    """Anna and Ben with a question before them."""
    anna, ben = opened(arena, group, line), group("Ben")
    ben.taps("Join")
    anna.taps("Start")
    arena.comes_to(Phase.OPEN)
    return anna, ben


def of_several(arena: Arena) -> None:
    """Every question has two right options of five."""
    concepts = {f"streams/c{n}": [choice(f"m-{n}", (0, 2), 5)] for n in range(6)}
    only(arena.room, pack(concepts))


def of_one(arena: Arena) -> None:
    """Every question has one right option of four."""
    only(arena.room, pack({f"streams/c{n}": [choice(f"s-{n}", (1,))] for n in range(6)}))


def struck(arena: Arena) -> list[Any]:
    """All answers that are kept."""
    return arena.room.select(sa.select(strike).order_by(strike.c.number, strike.c.learner_id))


def test_one_tap_is_an_answer_and_a_second_changes_nothing(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, _ = open_round(arena, group)
    arena.passes(3)
    (key,) = group.keys()
    (miss,) = group.keys(right=False)
    outcome = anna.strikes(miss)
    assert (told(outcome), outcome.places) == (Told.LOCKED, (miss,))
    for place in (key, miss):
        again = anna.strikes(place)
        assert (no(again), again.places) == (No.LOCKED, (miss,))
    assert len(struck(arena)) == 1


def test_of_several_each_tap_adds_one_and_taking_one_back_is_free(arena: Arena) -> None:
    of_several(arena)
    group = arena.group()
    anna, _ = open_round(arena, group)
    assert isinstance(group.question.item, MultipleResponse)
    arena.passes(3)
    one, two = group.keys()
    marked = anna.strikes(one)
    assert (told(marked), marked.places, marked.wanted) == (Told.MARKED, (one,), 1)
    cleared = anna.strikes(one)
    assert (told(cleared), cleared.places, cleared.wanted) == (Told.CLEARED, (one,), 2)
    anna.strikes(two)
    locked = anna.strikes(one)
    assert (told(locked), locked.places) == (Told.LOCKED, tuple(sorted((one, two))))
    assert no(anna.strikes(one)) is No.LOCKED
    arena.comes_to(Phase.SHOWN)
    assert group.last(ResultShown).marks[anna.learner].is_right


@on_sqlite
def test_who_changes_their_mind_too_often_is_stopped(arena: Arena) -> None:
    of_several(arena)
    group = arena.group()
    anna, _ = open_round(arena, group)
    one, two = group.keys()
    for _ in range(MOST_TAPS):
        anna.strikes(one)
    assert no(anna.strikes(two)) is No.TAPS
    assert struck(arena)[0].taps == MOST_TAPS


@on_sqlite
def test_half_an_answer_is_none(arena: Arena) -> None:
    of_several(arena)
    group = arena.group()
    anna, _ = open_round(arena, group)
    anna.strikes(group.keys()[0])
    arena.comes_to(Phase.SHOWN)
    assert anna.player.answers == 0
    assert not group.last(ResultShown).marks


@on_sqlite
def test_an_answer_on_its_way_still_counts_and_a_later_one_does_not(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = open_round(arena, group)
    asked = group.question.round
    opened_at = arena.clock.now - timedelta(seconds=0.2)
    cutoff = next(one.at for one in group.seen if isinstance(one.outcome, RoundShown)) + timedelta(
        seconds=asked.seconds
    )
    assert cutoff >= opened_at
    arena.until(cutoff)
    arena.clock.now = cutoff + LATE
    assert told(anna.answers()) is Told.LOCKED
    arena.clock.now = cutoff + LATE + timedelta(milliseconds=1)
    assert no(ben.answers()) is No.LATE
    arena.comes_to(Phase.SHOWN)
    mark = group.last(ResultShown).marks[anna.learner]
    assert (mark.is_right, mark.took_s) == (True, asked.seconds)
    assert no(ben.answers()) is No.LATE


@on_sqlite
def test_each_room_has_a_clock_of_its_own(arena: Arena) -> None:
    of_one(arena)
    home, away, anna, dora = linked(arena)
    away.delay_s = 6.0
    anna.taps("Start")
    arena.delivers()
    first = home.question.round.posed_at
    arena.passes(5)
    assert told(anna.answers()) is Told.LOCKED  # her room has it, so her time runs
    arena.comes_to(Phase.OPEN)
    asked = away.question.round
    arena.until(first + timedelta(seconds=asked.seconds + 5))
    assert told(dora.answers()) is Told.LOCKED  # six seconds later than in the other room
    late = home("Carl")
    assert no(late.answers()) is No.LATE
    arena.comes_to(Phase.SHOWN)
    marks = home.last(ResultShown).marks
    assert marks[anna.learner].took_s == pytest.approx(5)
    assert marks[dora.learner].took_s == pytest.approx(asked.seconds - 1)


@on_sqlite
def test_a_tap_before_our_record_of_the_question_counts(arena: Arena) -> None:
    """The group saw it; that the platform took it is written a moment later."""
    of_one(arena)
    group = arena.group()
    anna, _ben = opened(arena, group), group("Ben")
    group.delay_s = 2.0
    anna.taps("Start")
    arena.delivers()
    arena.clock.waits(seconds=1)
    battle = arena.newest
    outcome = anna.does(wants.Strike(battle, 1, 0))
    assert told(outcome) is Told.LOCKED
    arena.comes_to(Phase.SHOWN)
    assert group.last(ResultShown).marks[anna.learner].took_s == 0


@pytest.mark.parametrize("number", [0, 2, 31, 2**31, 2**40, 2**63 - 1])
def test_a_round_that_never_was_takes_nothing(arena: Arena, number: int) -> None:
    group = arena.group()
    anna, _ = open_round(arena, group)
    assert no(anna.does(wants.Strike(arena.newest, number, 0))) is No.GONE
    assert no(group("Stranger").does(wants.Strike(arena.newest, number, 0))) is No.GONE
    assert not struck(arena)


@pytest.mark.parametrize("battle", [0, 99, 2**31, 2**63 - 1])
def test_a_battle_that_never_was_takes_nothing(arena: Arena, battle: int) -> None:
    group = arena.group()
    anna, _ = open_round(arena, group)
    assert no(anna.does(wants.Strike(BattleId(battle), 1, 0))) is No.GONE
    assert no(anna.does(wants.Enter(BattleId(battle), 2**40))) is No.GONE
    assert no(anna.does(wants.Rematch(BattleId(battle)))) is No.GONE
    anna.does(wants.Replay(BattleId(battle)))


@on_sqlite
@pytest.mark.parametrize("place", [4, 25, 2**62])
def test_an_option_that_is_not_there_is_no_answer(arena: Arena, place: int) -> None:
    of_one(arena)
    group = arena.group()
    anna, _ = open_round(arena, group)
    assert no(anna.strikes(place)) is No.GONE
    assert not struck(arena)


@on_sqlite
def test_from_another_room_nobody_answers(arena: Arena) -> None:
    group, other = arena.group(), arena.group(chat="-200")
    anna, _ = open_round(arena, group)
    intent = wants.Strike(arena.newest, 1, 0)
    assert no(other("Eve").does(intent)) is No.GONE
    assert no(anna.alone(intent)) is No.GONE
    assert len(arena.players()) == 2


@on_sqlite
def test_a_player_answers_in_their_own_room_alone(arena: Arena) -> None:
    home, away = arena.group(), arena.group(chat="-200")
    anna = opened(arena, home, "/battle open 5")
    away("Dora").says(f"/battle join {home.battle.code}")
    anna.taps("Start")
    arena.comes_to(Phase.OPEN)
    there = away("Anna", anna.account)
    assert no(there.strikes(0)) is No.ELSEWHERE
    assert told(anna.answers()) in (Told.LOCKED, Told.MARKED)


def test_a_strangers_first_tap_joins_them(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = open_round(arena, group)
    carl = group("Carl")
    assert told(carl.answers()) is Told.LOCKED
    assert (carl.player.name, carl.player.joined) == ("Carl", 1)
    arena.plays([anna, ben])
    assert carl.player.right == 1
    arena.passes(3)
    assert sorted(one.player.name for one in group.last(Lobby).standings) == ["Anna", "Ben", "Carl"]


@on_sqlite
def test_a_strangers_late_tap_leaves_nothing(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = open_round(arena, group)
    anna.answers()
    ben.answers()
    arena.comes_to(Phase.SHOWN)
    carl = group("Carl")
    assert no(carl.strikes(0)) is No.LATE
    assert len(arena.players()) == 2


@on_sqlite
def test_in_the_last_round_a_stranger_is_told_so(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = open_round(arena, group)
    for _ in range(4):
        arena.plays([anna, ben])
    arena.comes_to(Phase.OPEN)
    assert no(group("Carl").answers()) is No.LAST
    ben.taps("Leave")
    assert no(ben.answers()) is No.LAST
    arena.plays_out([anna])
    assert no(anna.strikes(0)) is No.OVER
    assert no(group("Carl").strikes(0)) is No.OVER


@on_sqlite
def test_who_left_is_in_again_by_a_tap(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    _, ben = open_round(arena, group)
    ben.taps("Leave")
    assert told(ben.answers()) is Told.LOCKED
    assert ben.player.gone is None


@on_postgres
def test_many_strangers_tap_at_once_and_all_are_in(arena: Arena, room: Room) -> None:
    of_one(arena)
    group = arena.group()
    open_round(arena, group)
    intent = wants.Strike(arena.newest, 1, 0)
    crowd = [group(f"P{n}") for n in range(16)]

    def taps(one: Fighter) -> None:
        room.tutor.handle(Incoming(f"tap-{one.name}", one.who, one.place, "en", intent, is_tap=True, name=one.name))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(taps, crowd))
    assert len(arena.players()) == 18
    assert len(struck(arena)) == 16


@on_sqlite
def test_a_tap_brought_twice_is_one_answer(arena: Arena) -> None:
    of_several(arena)
    group = arena.group()
    anna, _ = open_round(arena, group)
    one, two = group.keys()
    tap = wants.Strike(group.question.battle.id, group.question.round.number, one)
    for _ in range(2):  # as after a process that was killed between the answer and Telegram's knowing of it
        marked = anna.does(tap, key="telegram:77")
        assert (told(marked), marked.places, marked.wanted) == (Told.MARKED, (one,), 1)
    anna.strikes(two)
    before = struck(arena)
    anna.strikes(two)
    assert struck(arena) == before


# votes


def test_a_vote_is_an_answer(arena: Arena) -> None:
    of_one(arena)
    group = arena.group(takes_polls=True)
    anna, ben = open_round(arena, group)
    arena.passes(4)
    assert told(anna.votes(*group.keys())) is Told.LOCKED
    assert no(anna.votes(*group.keys(right=False))) is No.LOCKED
    assert told(ben.votes(*group.keys(right=False))) is Told.LOCKED
    arena.comes_to(Phase.SHOWN)
    shown = group.last(ResultShown)
    assert any(one.as_reply for one in group.saw(ResultShown))  # a poll can't be made into its result
    assert (shown.marks[anna.learner].is_right, shown.marks[ben.learner].is_right) == (True, False)
    assert len(arena.room.select(sa.select(learner.c.id))) == 2


def test_a_vote_of_several_counts_whole_and_with_too_few_it_is_wrong(arena: Arena) -> None:
    of_several(arena)
    group = arena.group(takes_polls=True)
    anna, ben = open_round(arena, group)
    carl, dora = group("Carl"), group("Dora")
    one, two = group.keys()
    arena.passes(4)
    assert told(anna.votes(two, one)) is Told.LOCKED
    assert told(ben.votes(one)) is Told.LOCKED  # a vote is final: nothing can be added to it
    assert told(carl.votes(0, 1, 2, 3, 4)) is Told.LOCKED
    assert told(dora.votes(one, two)) is Told.LOCKED
    arena.comes_to(Phase.SHOWN)
    right = {who for who, mark in group.last(ResultShown).marks.items() if mark.is_right}
    assert right == {anna.learner, dora.learner}
    assert len(group.last(ResultShown).marks) == 4


@on_sqlite
def test_votes_that_mean_nothing_do_nothing(arena: Arena) -> None:
    of_one(arena)
    group = arena.group(takes_polls=True)
    anna, _ = open_round(arena, group)
    assert no(anna.votes()) is No.GONE
    assert no(anna.votes(9)) is No.GONE
    assert no(anna.votes(-1)) is No.GONE
    assert no(anna.does(wants.Vote("poll-of-others", (0,)))) is No.GONE
    assert not struck(arena)
    arena.comes_to(Phase.SHOWN)
    assert no(anna.votes(0)) is No.LATE


@on_sqlite
def test_a_vote_for_an_old_poll_is_late(arena: Arena) -> None:
    of_one(arena)
    group = arena.group(takes_polls=True)
    anna, ben = open_round(arena, group)
    first = next(one.poll for one in group.seen if one.poll)
    arena.plays([anna, ben])
    assert no(anna.does(wants.Vote(str(first), (0,)))) is No.LATE
    assert no(group("Carl").does(wants.Vote(str(first), (0,)))) is No.LATE


@on_sqlite
def test_polls_and_buttons_are_one_game(arena: Arena) -> None:
    of_one(arena)
    home, _away, anna, dora = linked(arena)
    home.takes_polls = True
    anna.taps("Start")
    for _ in range(5):
        arena.comes_to(Phase.OPEN)
        arena.passes(4)
        anna.votes(*home.keys())
        dora.answers(right=False)
        arena.comes_to(Phase.SHOWN)
        arena.passes(13)
    assert home.last(FinalShown).battle.totals == (500, 0)
    assert isinstance(home.question.item, SingleChoice)
    assert len(arena.room.select(sa.select(player.c.learner_id))) == 2
