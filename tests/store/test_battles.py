"""What every store promises about battles: bot.ports.Battles."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from threading import Barrier

import pytest

from bot.chat.incoming import Place
from bot.domain.battle import Battle, Ending, Kind, Mode, Phase, Rules
from bot.domain.booking import Room
from bot.domain.bulletin import What
from bot.domain.deck import DECK
from bot.domain.draw import Known
from bot.domain.ids import BattleId, ConceptId, DomainId, ItemId, LearnerId, PackId
from bot.domain.item import Difficulty
from bot.domain.score import Mark
from bot.ports import Parcel, Posted, RoomChoice, Tallied, Unkept
from bot.store.database import Database
from tests.store.engines import on_postgres
from tests.store.fights import (
    HOST,
    OTHER_ROOM,
    ROOM,
    answers,
    battle,
    edit,
    hall,
    opened,
    played,
    player,
    post,
    round_of,
    struck,
)
from tests.store.samples import CONCEPT, DOMAIN, NOW, PACK, enrolled, memory, person

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
LATER = NOW + timedelta(hours=1)
RULES = Rules(Mode.TEAMS, 30, 90, "modeling", Difficulty.HARD, 4, picks_team=True, in_thread=True)
PLATFORMS = ["telegram", "discord"]


def close(
    database: Database, one: Battle, *, counts: bool = True, ending: Ending = Ending.PLAYED, at_s: int = 0
) -> None:
    """Ends a battle that way, so long after `NOW`."""
    with database.begin() as work:
        work.keep_battle(replace(one, phase=Phase.OVER, ending=ending), None)
        work.free_halls(one.id, NOW + at_s * SECOND, counts=counts)


# Battles and their rooms.


def test_a_battle_comes_back_whole_in_every_phase(database: Database) -> None:
    halls = (hall(spot="-100/45", has_threads=True), hall(1, OTHER_ROOM))
    lobby = opened(database, new=battle(halls=halls, rules=RULES, code="ABC234", panel="rules"))
    assert lobby.id > 0
    phases = [
        lobby,
        replace(lobby, phase=Phase.POSED, number=1, since=LATER, code=None, panel=""),
        replace(lobby, phase=Phase.OPEN, number=2, silent=2, totals=(1 / 3, 250.0), share=2 / 3),
        replace(lobby, phase=Phase.SHOWN, number=2, halls=(replace(halls[0], chat="-100/46"), halls[1])),
        replace(lobby, phase=Phase.OVER, number=30, code=None, ending=Ending.SILENT),
        replace(lobby, kind=Kind.GHOST, ghost=BattleId(7), rules=Rules(), panel=""),
        replace(lobby, kind=Kind.DAILY, open_s=10_800, rules=replace(RULES, rounds=1, seconds=None, difficulty=None)),
    ]
    for one in phases:
        with database.begin() as work:
            work.keep_battle(one, None)
        with database.begin() as work:
            assert work.battle(lobby.id) == work.battle_as_is(lobby.id) == work.opened_by("key") == one
    with database.begin() as work:
        assert work.battle(BattleId(lobby.id + 1)) is None
        assert work.battle_as_is(BattleId(lobby.id + 1)) is None
        assert work.opened_by("another key") is None


def test_the_same_event_opens_one_battle(database: Database) -> None:
    made = opened(database)
    with database.begin() as work:
        assert work.open_battle(battle(halls=[hall(room=OTHER_ROOM)]), "key", NOW, NOW) is None
        assert work.battle_in(OTHER_ROOM) is None
        assert work.opened_by("key") == made


def test_a_room_has_one_battle(database: Database) -> None:
    made = opened(database)
    with database.begin() as work:
        assert work.open_battle(battle(halls=[hall(0, OTHER_ROOM), hall(1)]), "other", NOW, NOW) is None
    with database.begin() as work:  # nothing is left of what could not be
        assert work.opened_by("other") is None
        assert work.battle_in(OTHER_ROOM) is None
        assert work.battle_in(ROOM) == made.id
    assert opened(database, "other", battle(halls=[hall(room=OTHER_ROOM)])).id != made.id


def test_a_room_whose_battle_is_over_can_have_the_next(database: Database) -> None:
    first = opened(database)
    close(database, first)
    with database.begin() as work:
        assert work.battle_in(ROOM) is None
    second = opened(database, "second")
    with database.begin() as work:
        assert work.battle_in(ROOM) == second.id
        assert work.battle(first.id) == replace(first, phase=Phase.OVER, ending=Ending.PLAYED)


@pytest.mark.parametrize("keys", [("key",), ("a", "b", "c", "d")])
def test_lobbies_of_a_room_that_are_opened_at_once_are_one(database: Database, keys: tuple[str, ...]) -> None:
    together = Barrier(4, timeout=10)

    def attempt(number: int) -> bool:
        together.wait()
        with database.begin() as work:
            return work.open_battle(battle(), keys[number % len(keys)], NOW, NOW) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


def test_a_code_finds_its_battle_until_it_begins_or_ends(database: Database) -> None:
    made = opened(database, new=battle(code="ABC234"))
    with database.begin() as work:
        assert work.battle_of_code("ABC234") == made.id
        assert work.battle_of_code("ABC235") is None
        assert work.battle_of_code("") is None
        work.keep_battle(replace(made, phase=Phase.OVER, code=None), None)
        work.free_halls(made.id, NOW, counts=False)
    with database.begin() as work:
        assert work.battle_of_code("ABC234") is None
    assert opened(database, "next", battle(code="ABC234")).code == "ABC234"


def test_a_room_joins_unless_it_has_a_battle(database: Database) -> None:
    made = opened(database)
    theirs = opened(database, "theirs", battle(halls=[hall(room=Room("telegram", "-300"))]))
    with database.begin() as work:
        assert work.join_hall(made.id, hall(1, OTHER_ROOM, has_threads=True))
        assert not work.join_hall(made.id, hall(2, OTHER_ROOM))
        assert not work.join_hall(made.id, hall(2, Room("telegram", "-300")))
        assert work.join_hall(made.id, hall(2, Room("discord", "-300")))  # the same name elsewhere
    with database.begin() as work:
        found = work.battle(made.id)
        assert found is not None
        assert found.halls == (hall(), hall(1, OTHER_ROOM, has_threads=True), hall(2, Room("discord", "-300")))
        assert work.battle_in(OTHER_ROOM) == made.id
        assert work.battle(theirs.id) == theirs


def test_one_room_leaves_while_the_others_play_on(database: Database) -> None:
    made = opened(database, new=battle(halls=[hall(), hall(1, OTHER_ROOM)]))
    with database.begin() as work:
        work.free_hall(made.id, 1, NOW)
    with database.begin() as work:
        assert work.battle_in(OTHER_ROOM) is None
        assert work.battle_in(ROOM) == made.id
        assert work.last_battles(OTHER_ROOM, 1) == [(made.id, NOW)]
    close(database, made, at_s=60)
    with database.begin() as work:
        assert work.battle_in(ROOM) is None
        assert work.last_battles(OTHER_ROOM, 1) == [(made.id, NOW)]  # it was over for them then
        assert work.last_battles(ROOM, 1) == [(made.id, NOW + MINUTE)]


def test_a_room_that_is_gone_stays_gone(database: Database) -> None:
    made = opened(database, new=battle(halls=[hall(), hall(1, OTHER_ROOM)]))
    gone = replace(made, halls=(made.halls[0], replace(made.halls[1], is_gone=True)))
    with database.begin() as work:
        work.keep_battle(gone, None)
    with database.begin() as work:
        assert work.battle(made.id) == gone
        assert work.battle_in(OTHER_ROOM) == made.id
        work.keep_battle(made, None)  # by somebody who looked before
        assert work.battle(made.id) == gone


@on_postgres
def test_what_delivery_says_of_a_room_outlives_a_step_that_did_not_know_it(
    database: Database, another: Database
) -> None:
    """Delivery holds no battle: the step would write over it where its halls go, and that one is gone."""
    made = opened(database, new=battle(halls=[hall(), hall(1, OTHER_ROOM)]))
    with database.begin() as work:
        known = work.battle(made.id)
        assert known is not None
        with another.outbox() as outbox:
            outbox.moved("telegram", "-100", "-100999")
            outbox.unreachable("discord", "c7")
        work.keep_battle(replace(known, phase=Phase.POSED, number=1), NOW)
    with database.begin() as work:
        found = work.battle(made.id)
        assert found is not None
        moved, gone = found.halls
        assert (moved.room.chat, moved.chat, moved.is_gone) == ("-100999", "-100999", False)
        assert gone.is_gone


def test_how_many_battles_somebody_opened_lately(database: Database) -> None:
    opened(database)
    opened(database, "two", battle(halls=[hall(room=OTHER_ROOM)]))
    opened(database, "theirs", battle(LearnerId(2), [hall(room=Room("telegram", "-300"))]))
    with database.begin() as work:
        assert work.opened_since(HOST, NOW) == 2
        assert work.opened_since(HOST, NOW + SECOND) == 0
        assert work.opened_since(LearnerId(3), NOW) == 0


def test_the_battle_that_is_due_longest_comes_first(database: Database) -> None:
    made = [opened(database, str(n), battle(halls=[hall(room=Room("telegram", f"-{n}"))])) for n in range(4)]
    with database.begin() as work:
        for one, wait in zip(made, (MINUTE, SECOND, 2 * MINUTE, None), strict=True):
            work.keep_battle(one, None if wait is None else NOW + wait)
        assert work.next_wake() == NOW + SECOND
        assert work.due_battle(NOW) is None
        assert work.due_battle(NOW + SECOND) == made[1]
    for expected in (made[1], made[0], made[2]):
        with database.begin() as work:
            assert work.due_battle(NOW + DAY) == expected
            work.keep_battle(expected, None)
    with database.begin() as work:
        assert work.due_battle(NOW + DAY) is None
        assert work.next_wake() is None


@on_postgres
def test_a_battle_that_somebody_is_about_is_left_to_them(database: Database, another: Database) -> None:
    made = [opened(database, str(n), battle(halls=[hall(room=Room("telegram", f"-{n}"))])) for n in range(2)]
    with database.begin() as work:
        for place, each in enumerate(made):
            work.keep_battle(each, NOW + place * SECOND)
    with database.begin() as one, another.begin() as two:
        assert one.due_battle(LATER) == made[0]
        assert two.due_battle(LATER) == made[1]
        assert one.battle_as_is(made[0].id) == made[0]
    with database.begin() as one, another.begin() as two:
        one.battle_as_is(made[0].id)  # an answer is being taken
        assert two.due_battle(LATER) == made[1]


@on_postgres
def test_answers_go_on_beside_each_other(database: Database, another: Database) -> None:
    made = opened(database)
    with database.begin() as one, another.begin() as two:  # were they one after another, this would never end
        assert one.battle_as_is(made.id) == two.battle_as_is(made.id) == made
        one.keep_struck(made.id, 1, struck(1, 0))
        two.keep_struck(made.id, 1, struck(2, 0))


def test_changes_of_one_battle_never_overlap(database: Database) -> None:
    made = opened(database)

    def turn(number: int) -> None:
        with database.begin() as work:
            one = work.battle(made.id)
            assert one is not None
            work.keep_battle(replace(one, number=one.number + 1), NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(turn, range(20)))
    with database.begin() as work:
        found = work.battle(made.id)
        assert found is not None
        assert found.number == 20


# Players.


def test_players_come_back_as_they_were_kept(database: Database) -> None:
    made, other = opened(database), opened(database, "other", battle(halls=[hall(room=OTHER_ROOM)]))
    full = player(7, "Ana \N{ROCKET}", hall=2, team=3, joined=4, gone=9, out=8, points=-150, right=3, answers=5)
    full = replace(full, streak=2, took_s=1 / 3, idle=1)
    with database.begin() as work:
        assert work.player(made.id, full.learner) is None
        work.keep_players(made.id, [full, player(8, out=0)])
        work.keep_players(other.id, [player(7)])
        work.keep_players(made.id, [])
    with database.begin() as work:
        assert work.player(made.id, full.learner) == full
        assert work.players(made.id) == [full, player(8, out=0)]
        assert work.player(other.id, full.learner) == player(7)
        again = replace(full, name="Ana", gone=None, out=None, points=0)
        work.keep_players(made.id, [again])
        assert work.players(made.id) == [again, player(8, out=0)]


def test_players_come_in_the_order_in_which_they_came(database: Database) -> None:
    made = opened(database)
    with database.begin() as work:
        work.keep_players(made.id, [player(5)])
    with database.begin() as work:
        work.keep_players(made.id, [player(9), player(2)])
        work.keep_players(made.id, [player(5, team=1)])  # here already
        work.update_players(made.id, [player(9, team=1)])
    with database.begin() as work:
        assert [one.learner for one in work.players(made.id)] == [5, 9, 2]


def test_who_was_forgotten_meanwhile_stays_forgotten(database: Database) -> None:
    ana, ben = enrolled(database), enrolled(database, "2")
    made = opened(database)
    with database.begin() as work:
        work.keep_players(made.id, [player(ana, "Ana"), player(ben, "Ben")])
        work.update_players(made.id, [])
    with database.begin() as work:
        before = work.players(made.id)
        work.forget(ana.id)
        work.update_players(made.id, [replace(one, points=100, name="not this") for one in before])
    with database.begin() as work:
        assert work.players(made.id) == [player(ben, "Ben", points=100)]


def test_newcomers_are_those_who_play_and_never_wrote_in_private(database: Database) -> None:
    ana = enrolled(database)
    made = opened(database)
    with database.begin() as work:
        new = work.enroll(person("2"), Place("-100", is_private=False), PACK, "en", NOW)
        work.keep_players(made.id, [player(ana, answers=1), player(new)])
        assert not work.has_newcomers(made.id)  # has not answered
        work.keep_players(made.id, [player(new, answers=1)])
        assert work.has_newcomers(made.id)
        assert work.private_chat(new.id, "telegram") is None
        assert work.private_chat(ana.id, "telegram") == "chat-1"
        assert work.private_chat(ana.id, "discord") is None
    with database.begin() as work:
        work.learner_of(person("2"))
        assert work.found_at(person("2"), Place("chat-2"))
        assert not work.has_newcomers(made.id)
        assert work.private_chat(new.id, "telegram") == "chat-2"
    with database.outbox() as outbox:
        outbox.unreachable("telegram", "chat-1")
    with database.begin() as work:
        assert work.private_chat(ana.id, "telegram") is None


# Rounds and answers.


def test_rounds_come_back_in_order_with_each_rooms_clock(database: Database) -> None:
    made = opened(database)
    second = round_of(2, opened={0: NOW + SECOND / 3, 3: NOW + timedelta(microseconds=1)}, source=5)
    with database.begin() as work:
        assert work.round(made.id, 1) is None
        work.keep_round(made.id, second)
        work.keep_round(made.id, round_of(1))
    with database.begin() as work:
        assert work.rounds(made.id) == [round_of(1), second]
        assert work.round(made.id, 2) == second
        began = replace(round_of(1), opened={0: LATER})
        work.keep_round(made.id, began)
        assert work.round(made.id, 1) == began
        assert work.rounds(BattleId(made.id + 1)) == []


def test_an_answer_is_replaced_until_it_is_graded(database: Database) -> None:
    made = opened(database)
    ana, ben = LearnerId(7), LearnerId(8)
    with database.begin() as work:
        assert work.struck(made.id, 1, ana) is None
        work.keep_struck(made.id, 1, struck(ana, is_locked=False))
        work.keep_struck(made.id, 1, struck(ana, 3, 0, at=LATER, is_locked=False, taps=2))
        work.keep_struck(made.id, 2, struck(ana, 1))
        work.keep_struck(made.id, 1, struck(ben, 2))
    with database.begin() as work:
        assert work.struck(made.id, 1, ana) == struck(ana, 0, 3, at=LATER, is_locked=False, taps=2)
        assert {one.learner for one in work.strikes(made.id, 1)} == {ana, ben}
        assert work.locked(made.id, 1) == {ben}
        assert work.marks(made.id, 1) == {}
        mark = Mark(ben, is_right=False, is_rash=True, took_s=1 / 3, points=-50)
        work.keep_marks(made.id, 1, {ben: mark})
        work.keep_marks(made.id, 1, {})
        work.keep_struck(made.id, 1, struck(ben, 1, at=LATER, taps=9))  # too late for it
        work.keep_struck(made.id, 1, struck(ana, 1))  # hers was not graded
    with database.begin() as work:
        assert work.struck(made.id, 1, ben) == struck(ben, 2)
        assert work.struck(made.id, 1, ana) == struck(ana, 1)
        assert work.marks(made.id, 1) == {ben: mark}
        assert work.marks(made.id, 2) == {}


def test_a_mark_for_who_was_forgotten_meanwhile_is_none(database: Database) -> None:
    made = opened(database)
    with database.begin() as work:
        work.keep_marks(made.id, 1, {LearnerId(9): Mark(LearnerId(9), True, False, 1.0, 100)})
        assert work.marks(made.id, 1) == {}
        assert work.strikes(made.id, 1) == []


def test_what_was_missed_comes_most_missed_first(database: Database) -> None:
    made = opened(database)
    people = [enrolled(database, str(n)) for n in range(3)]
    wrong = {1: (), 2: (0, 1), 3: (0, 1), 4: (2,), 5: (0,)}  # by round, who
    with database.begin() as work:
        for number, misses in wrong.items():
            concept = ConceptId("same" if number in (1, 5) else f"concept-{number}")
            work.keep_round(made.id, round_of(number, concept=concept))
            for place, one in enumerate(people):
                if number == 3 and place == 2:
                    work.keep_struck(made.id, number, struck(one, is_locked=False))  # never graded
                else:
                    answers(work, made.id, one, place not in misses, first=number)
    with database.begin() as work:
        assert work.missed(made.id) == [("concept-3", 2, 2), ("concept-2", 2, 3), ("concept-4", 1, 3), ("same", 1, 6)]
        assert work.missed(BattleId(made.id + 1)) == []


def test_how_players_stood_after_a_round(database: Database) -> None:
    ana, ben = enrolled(database), enrolled(database, "2")
    made = opened(database)
    with database.begin() as work:
        work.keep_players(made.id, [player(ana, "Ana"), player(ben, "Ben"), player(99)])
        answers(work, made.id, ana, True, took_s=4)
        answers(work, made.id, ana, False, took_s=90, first=2)
        answers(work, made.id, ana, True, took_s=8, first=3)
        answers(work, made.id, ben, False, False)
        work.keep_struck(made.id, 3, struck(ben, is_locked=False))
    with database.begin() as work:
        assert work.points_through(made.id, 0) == {}
        assert work.points_through(made.id, 2) == {
            ana.id: Tallied(ana.id, "Ana", 1, 2, 4.0, 100),
            ben.id: Tallied(ben.id, "Ben", 0, 2, 0.0, 0),
        }
        assert work.points_through(made.id, 3)[ana.id] == Tallied(ana.id, "Ana", 2, 3, 6.0, 200)


# Each player's own memory.


def test_a_graded_answer_is_taken_into_memory_once(database: Database) -> None:
    ana, ben = enrolled(database), enrolled(database, "2")
    made = opened(database)
    with database.begin() as work:
        work.keep_struck(made.id, 1, struck(ana, 1))
        assert work.unkept(10) == []
        assert work.take_unkept(Unkept(made.id, 1, ana.id)) is None  # not graded
        answers(work, made.id, ben, True, False)
        answers(work, made.id, ana, True)
    with database.begin() as work:
        waiting = [Unkept(made.id, 1, ana.id), Unkept(made.id, 1, ben.id), Unkept(made.id, 2, ben.id)]
        assert work.unkept(10) == waiting
        assert work.unkept(2) == waiting[:2]
        taken = work.take_unkept(waiting[2])
        assert taken == (struck(ben, 1), Mark(ben.id, False, False, 5.0, 0))
        assert work.take_unkept(waiting[2]) is None
    with database.begin() as work:
        assert work.unkept(10) == waiting[:2]
        assert work.marks(made.id, 2) == {ben.id: Mark(ben.id, False, False, 5.0, 0)}


def test_what_a_failed_turn_took_waits_on(database: Database) -> None:
    ana = enrolled(database)
    made = opened(database)
    with database.begin() as work:
        answers(work, made.id, ana, True)

    def fail() -> None:
        with database.begin() as work:
            assert work.take_unkept(Unkept(made.id, 1, ana.id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.begin() as work:
        assert work.unkept(10) == [Unkept(made.id, 1, ana.id)]


def test_many_threads_take_each_answer_once(database: Database) -> None:
    ana = enrolled(database)
    made = opened(database)
    with database.begin() as work:
        answers(work, made.id, ana, *[True] * 20)
    together = Barrier(4, timeout=10)

    def take(_: int) -> int:
        together.wait()
        taken = 0
        for number in range(1, 21):
            with database.begin() as work:
                taken += work.take_unkept(Unkept(made.id, number, ana.id)) is not None
        return taken

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(4))) == 20


def test_how_those_present_know_the_concepts(database: Database) -> None:
    ana, ben, gone, elsewhere = (enrolled(database, str(n)) for n in range(4))
    made = opened(database)
    seen, missed = replace(memory(), seen=3), memory(right=False)
    with database.begin() as work:
        work.keep_players(made.id, [player(ana), player(ben), player(gone, gone=1)])
        for one, kept in ((ana, seen), (ben, missed), (gone, memory()), (elsewhere, memory())):
            work.remember(one.id, PACK, CONCEPT, DOMAIN, kept)
        work.remember(ana.id, PACK, ConceptId("other"), DOMAIN, replace(memory(), stability=90.0))
        work.remember(ana.id, PACK, ConceptId("a-card"), DECK, memory())
        work.remember(ana.id, PackId("other-pack"), CONCEPT, DOMAIN, memory())
    due_at = memory().due_at
    with database.begin() as work:
        assert work.known(made.id, PACK, due_at - SECOND) == {CONCEPT: Known(0, 2, 4, 1), "other": Known(0, 1, 1, 1)}
        assert work.known(made.id, PACK, due_at)[CONCEPT].due == 2
        assert work.known(made.id, PackId("third"), due_at) == {}
        assert work.known(BattleId(made.id + 1), PACK, due_at) == {}


def test_how_often_an_item_came_in_these_rooms(database: Database) -> None:
    first = opened(database, new=battle(halls=[hall(), hall(1, OTHER_ROOM)]))
    with database.begin() as work:
        work.keep_round(first.id, round_of(1, "x"))
        work.keep_round(first.id, round_of(2, "y"))
    close(database, first)
    second = opened(database, "second")
    with database.begin() as work:
        work.keep_round(second.id, round_of(1, "x"))
        assert work.fought([ROOM]) == {ItemId("x"): 2, ItemId("y"): 1}
        assert work.fought([OTHER_ROOM]) == {ItemId("x"): 1, ItemId("y"): 1}
        assert work.fought([ROOM, OTHER_ROOM]) == {ItemId("x"): 2, ItemId("y"): 1}  # one battle counts once
        assert work.fought([Room("discord", "-100")]) == {}
        assert work.fought([]) == {}


# Rooms.

CHOICE = RoomChoice(ROOM, RULES, PACK, "pt-BR", "-100/45", "Europe/Berlin", time(18, 0), time(21, 30), LATER)


def test_what_a_room_chose_is_kept(database: Database) -> None:
    with database.begin() as work:
        assert work.room_choice(ROOM) is None
        work.keep_room_choice(CHOICE)
    with database.begin() as work:
        assert work.room_choice(ROOM) == CHOICE
        assert work.room_choice(Room("discord", "-100")) is None
        plain = RoomChoice(ROOM, Rules(), PACK, "en", "-100")
        work.keep_room_choice(plain)
        assert work.room_choice(ROOM) == plain


def test_a_room_whose_daily_question_is_due(database: Database) -> None:
    with database.begin() as work:
        work.keep_room_choice(CHOICE)
        work.keep_room_choice(RoomChoice(OTHER_ROOM, Rules(), PACK, "en", "c7"))
        assert work.due_room(LATER - SECOND) is None
        assert work.due_room(LATER) == CHOICE
        work.keep_room_choice(replace(CHOICE, daily_next=LATER + DAY))
        assert work.due_room(LATER) is None


@on_postgres
def test_two_processes_ask_the_daily_question_of_two_rooms(database: Database, another: Database) -> None:
    late = replace(CHOICE, room=OTHER_ROOM, daily_next=LATER - MINUTE)
    with database.begin() as work:
        work.keep_room_choice(CHOICE)
        work.keep_room_choice(late)
    with database.begin() as one, another.begin() as two:
        assert one.due_room(LATER) == late  # the one that waits longer
        assert two.due_room(LATER) == CHOICE


# Boards.


def tallied(database: Database, room: Room = ROOM, **more: object) -> list[tuple[str, int, int]]:
    """Name, right answers and answers of each row."""
    with database.begin() as work:
        rows = work.board(
            room,
            more.get("pack", PACK),  # type: ignore[arg-type]
            more.get("since"),  # type: ignore[arg-type]
            more.get("domain"),  # type: ignore[arg-type]
            more.get("most", 15),  # type: ignore[arg-type]
        )
    return [(one.name, one.right, one.answers) for one in rows]


def test_a_board_counts_every_battle_that_counts(database: Database) -> None:
    ana, ben = enrolled(database), enrolled(database, "2")
    both = (player(ana, "Ana"), player(ben, "Ben"))
    first = played(database, "first", *both)
    alone = played(database, "alone", both[0], counts=False)
    second = played(database, "second", replace(both[0], name="Ana B."), both[1])
    with database.begin() as work:
        answers(work, first.id, ana, True, False, took_s=3)
        answers(work, first.id, ben, True, took_s=2)
        answers(work, alone.id, ana, True, True)
        answers(work, second.id, ana, True, took_s=6)
        work.keep_struck(second.id, 2, struck(ana, 1))  # not graded yet
        assert work.board(ROOM, PACK, None, None, 15) == [
            Tallied(ana.id, "Ana B.", 2, 3, 4.5, 200),
            Tallied(ben.id, "Ben", 1, 1, 2.0, 100),
        ]
        assert work.board(ROOM, PACK, None, None, 1) == [Tallied(ana.id, "Ana B.", 2, 3, 4.5, 200)]
    assert tallied(database, pack=PackId("other")) == []
    assert tallied(database, Room("discord", "-100")) == []
    assert tallied(database, OTHER_ROOM) == []


def test_who_does_not_want_to_be_shown_is_not(database: Database) -> None:
    ana, ben = enrolled(database), enrolled(database, "2")
    assert ana.on_boards
    made = played(database, "key", player(ana, "Ana"), player(ben, "Ben"))
    with database.begin() as work:
        answers(work, made.id, ana, True)
        answers(work, made.id, ben, True)
        work.save(replace(ana, on_boards=False))
    assert tallied(database) == [("Ben", 1, 1)]
    with database.begin() as work:
        work.save(ana)
        work.forget(ben.id)
    assert tallied(database) == [("Ana", 1, 1)]


def test_a_board_shows_its_own_rooms_players_of_a_battle_between_rooms(database: Database) -> None:
    ana, ben = enrolled(database), enrolled(database, "2", "discord")
    between = battle(halls=[hall(), hall(1, OTHER_ROOM)])
    made = played(database, "key", player(ana, "Ana"), player(ben, "Ben", hall=1), new=between)
    with database.begin() as work:
        answers(work, made.id, ana, True)
        answers(work, made.id, ben, True, True)
    assert tallied(database) == [("Ana", 1, 1)]
    assert tallied(database, OTHER_ROOM) == [("Ben", 2, 2)]


def test_a_board_of_a_stretch_of_time_and_of_a_domain(database: Database) -> None:
    ana = enrolled(database)
    made = played(database, "key", player(ana, "Ana"))
    old = played(database, "old", player(ana, "Annie"))
    with database.begin() as work:
        work.keep_round(made.id, round_of(2, domain=DomainId("other")))
        answers(work, made.id, ana, True, False)
        answers(work, old.id, ana, True, at=NOW - DAY)
    assert tallied(database) == [("Annie", 2, 3)]  # of the newest battle that is counted
    assert tallied(database, since=NOW) == [("Ana", 1, 2)]
    assert tallied(database, since=NOW + SECOND) == []
    assert tallied(database, domain=DOMAIN) == [("Annie", 2, 2)]
    assert tallied(database, domain=DomainId("other"), since=NOW) == [("Ana", 0, 1)]


def test_a_board_is_in_order_of_right_answers_then_accuracy_then_time(database: Database) -> None:
    people = [enrolled(database, str(n)) for n in range(4)]
    names = ["fewer", "slow", "fast", "wild"]
    made = played(database, "key", *(player(one, name) for one, name in zip(people, names, strict=True)))
    with database.begin() as work:
        answers(work, made.id, people[0], True)
        answers(work, made.id, people[1], True, True, took_s=9)
        answers(work, made.id, people[2], True, True, took_s=8.5)
        answers(work, made.id, people[3], True, True, False, took_s=1)
    assert [name for name, _, _ in tallied(database)] == ["fast", "slow", "wild", "fewer"]
    assert [name for name, _, _ in tallied(database, most=2)] == ["fast", "slow"]


# Messages.


def claim(database: Database, at_s: float = 0, most: int = 10) -> list[Parcel]:
    with database.outbox() as outbox:
        return list(outbox.claim(PLATFORMS, NOW + at_s * SECOND, 12.0, most, urgent=True))


def deliver(database: Database, at_s: float = 0, message: str = "42", poll: str | None = None) -> Parcel:
    """The one message that waits goes out."""
    (parcel,) = claim(database, at_s)
    with database.outbox() as outbox:
        outbox.delivered(parcel, parcel.target or message, NOW + at_s * SECOND, poll)
    return parcel


def refresh(database: Database, one: Battle, at_s: float = 0, spacing_s: float = 3, what: What = What.LOBBY) -> None:
    with database.begin() as work:
        now = NOW + at_s * SECOND
        push = edit(one, what, 1 if what is What.ROUND else 0)
        work.refresh(replace(push, due_at=now, expires_at=now + timedelta(minutes=10)), now, spacing_s)


def test_what_became_of_a_message(database: Database) -> None:
    made = opened(database)
    sent, waiting, dropped = post(made), post(made, What.ROUND, 1), post(made, What.FINAL)
    with database.begin() as work:
        assert work.posted([sent.key]) == {}
        assert work.posted([]) == {}
        assert all([work.post(sent), work.post(waiting), work.post(dropped)])
        assert not work.post(sent)
    with database.outbox() as outbox:
        parcels = {parcel.push.key: parcel for parcel in outbox.claim(PLATFORMS, NOW, 12, 10, urgent=True)}
        assert parcels[sent.key].push == sent
        outbox.delivered(parcels[sent.key], "42", LATER, "poll-7")
        outbox.dropped(parcels[dropped.key], "expired", LATER)
    with database.begin() as work:
        assert work.posted([sent.key, waiting.key, dropped.key, "none"]) == {
            sent.key: Posted(sent.key, True, False, LATER, "42", True),
            waiting.key: Posted(waiting.key, False, False, None, None, False),
            dropped.key: Posted(dropped.key, False, True, LATER, None, False),
        }


def test_the_message_that_became_a_poll_is_found_by_it(database: Database) -> None:
    made = opened(database)
    with database.begin() as work:
        assert work.post_of_poll("telegram", "poll-7") is None
        work.post(post(made, What.ROUND, 1))
    deliver(database, poll="poll-7")
    with database.begin() as work:
        assert work.post_of_poll("telegram", "poll-7") == post(made, What.ROUND, 1)
        assert work.post_of_poll("discord", "poll-7") is None
        assert work.post_of_poll("telegram", "poll-8") is None
    refresh(database, made, what=What.ROUND)
    parcel = deliver(database)
    assert (parcel.target, parcel.is_poll) == ("42", True)
    with database.begin() as work:  # a vote that was on its way when it closed
        assert work.post_of_poll("telegram", "poll-7") == post(made, What.ROUND, 1)


def lobby_sent(database: Database) -> Battle:
    made = opened(database)
    with database.begin() as work:
        work.post(post(made))
    deliver(database)
    return made


def test_an_edit_is_booked_once_however_often_it_is_wanted(database: Database) -> None:
    made = lobby_sent(database)
    for at_s in (0, 1, 2):
        refresh(database, made, at_s)
    (parcel,) = claim(database, 2)
    assert (parcel.push.edits, parcel.target, parcel.is_poll) == (post(made).key, "42", False)
    assert parcel.push.expires_at == NOW + 2 * SECOND + timedelta(minutes=10)  # of the newest wish


def test_an_edit_that_was_sent_goes_again_after_a_while(database: Database) -> None:
    made = lobby_sent(database)
    refresh(database, made)
    deliver(database, 1)
    refresh(database, made, 2)
    assert claim(database, 3.9) == []
    assert deliver(database, 4).tries == 1
    refresh(database, made, 60)  # the while is long over
    assert deliver(database, 60).push.expires_at == NOW + MINUTE + timedelta(minutes=10)
    assert claim(database, 90) == []


def test_an_edit_that_was_dropped_is_tried_again_when_it_is_wanted_again(database: Database) -> None:
    made = lobby_sent(database)
    refresh(database, made)
    (parcel,) = claim(database)
    with database.outbox() as outbox:
        outbox.dropped(parcel, "expired", NOW)
    refresh(database, made, 10)
    deliver(database, 10)
    with database.begin() as work:
        assert work.posted([edit(made).key])[edit(made).key].is_sent


def test_an_edit_that_changes_on_its_way_goes_once_more_after_a_while(database: Database) -> None:
    made = lobby_sent(database)
    refresh(database, made)
    (parcel,) = claim(database)
    for at_s in (1, 2):
        refresh(database, made, at_s)
    with database.outbox() as outbox:
        outbox.delivered(parcel, "42", NOW + 2 * SECOND)
    with database.begin() as work:
        assert not work.posted([edit(made).key])[edit(made).key].is_sent
    assert claim(database, 4.9) == []
    again = deliver(database, 5)
    assert again.tries == 1
    assert again.push.expires_at == NOW + 2 * SECOND + timedelta(minutes=10)
    assert claim(database, 60) == []


def test_a_change_before_another_try_is_in_that_try(database: Database) -> None:
    made = lobby_sent(database)
    refresh(database, made)
    (parcel,) = claim(database)
    with database.outbox() as outbox:
        outbox.postponed(parcel, NOW + 2 * SECOND, failed=True)
    refresh(database, made, 1)
    deliver(database, 2)
    assert claim(database, 60) == []  # not again: it said the newest


def test_a_slot_is_taken_if_one_is_free_now(database: Database) -> None:
    lane, other = "telegram:-100", "telegram:-200"
    with database.begin() as work:
        assert [work.take_slot(lane, NOW, 4, 3) for _ in range(5)] == [True, True, True, False, False]
        assert work.take_slot(other, NOW, 4, 3)
        assert not work.take_slot(lane, NOW + 3 * SECOND, 4, 3)
        assert work.take_slot(lane, NOW + 4 * SECOND, 4, 3)  # those refused took none
        assert not work.take_slot(lane, NOW + 4 * SECOND, 4, 3)
    with database.outbox() as outbox:
        outbox.hold(other, NOW + 60 * SECOND)
    with database.begin() as work:
        assert not work.take_slot(other, NOW + 50 * SECOND, 4, 1)
        assert work.take_slot(other, NOW + 60 * SECOND, 4, 1)


def test_many_threads_take_no_more_slots_than_there_are(database: Database) -> None:
    for lane in map(str, range(5)):
        together = Barrier(4, timeout=10)

        def take(_: int, lane: str = lane, together: Barrier = together) -> bool:
            together.wait()
            with database.begin() as work:
                return work.take_slot(lane, NOW, 4, 1)

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(take, range(4))) == 1


# What was missed, and what was played.


def test_battles_of_a_room_that_are_over_come_newest_first(database: Database) -> None:
    made = []
    for number, kind in enumerate((Kind.GROUP, Kind.GROUP, Kind.GHOST, Kind.DAILY, Kind.GROUP)):
        made.append(opened(database, f"key-{number}", battle(kind=kind)))
        close(database, made[-1], at_s=10 - number)
    running = opened(database, "running")
    with database.begin() as work:
        assert work.last_battles(ROOM, 9) == [
            (made[0].id, NOW + 10 * SECOND),
            (made[1].id, NOW + 9 * SECOND),
            (made[4].id, NOW + 6 * SECOND),
        ]
        assert work.last_battles(ROOM, 1) == [(made[0].id, NOW + 10 * SECOND)]
        assert work.last_battles(OTHER_ROOM, 9) == []
        assert work.battle_in(ROOM) == running.id


def test_battles_that_somebody_missed_are_those_of_their_rooms_that_were_played(database: Database) -> None:
    ana, ben = enrolled(database), enrolled(database, "2")
    elsewhere = [hall(room=OTHER_ROOM)]

    def over(key: str, new: Battle | None = None, ending: Ending = Ending.PLAYED, at_s: int = 0) -> Battle:
        made = opened(database, key, new)
        with database.begin() as work:
            work.keep_players(made.id, [player(ben)])
        close(database, made, ending=ending, at_s=at_s)
        return made

    mine = over("mine")
    with database.begin() as work:
        assert work.missed_battles(ana.id, NOW, 9) == []  # knows no room
        work.keep_players(mine.id, [player(ana)])
    older, newer = over("older", at_s=1), over("newer", at_s=5)
    over("stopped", ending=Ending.STOPPED)
    over("a ghost", battle(kind=Kind.GHOST))
    over("daily", battle(kind=Kind.DAILY))
    over("elsewhere", battle(halls=elsewhere))
    between = over("between", battle(halls=[hall(0, OTHER_ROOM), hall(1)]), at_s=3)
    opened(database, "running")
    with database.begin() as work:
        assert work.missed_battles(ana.id, NOW, 9) == [newer.id, between.id, older.id]
        assert work.missed_battles(ana.id, NOW, 1) == [newer.id]
        assert work.missed_battles(ana.id, NOW + 4 * SECOND, 9) == [newer.id]
        assert work.missed_battles(ben.id, NOW, 9) == []


def test_battles_that_somebody_played_to_the_end(database: Database) -> None:
    ana = enrolled(database)
    made = {}
    for name, kind, ending in (
        ("first", Kind.GROUP, Ending.PLAYED),
        ("stopped", Kind.GROUP, Ending.STOPPED),
        ("ghost", Kind.GHOST, Ending.PLAYED),
        ("second", Kind.GROUP, Ending.PLAYED),
    ):
        made[name] = opened(database, name, battle(kind=kind))
        with database.begin() as work:
            work.keep_players(made[name].id, [player(ana)])
        close(database, made[name], ending=ending)
    close(database, opened(database, "without her"))
    with database.begin() as work:
        assert work.played_battles(ana.id, 9) == [made["second"].id, made["first"].id]
        assert work.played_battles(ana.id, 1) == [made["second"].id]
        assert work.played_battles(LearnerId(ana.id + 1), 9) == []
