"""Whole battles: every mode to its end, silence, stops, rooms that are lost, packs that change, and replays."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.domain.battle import GIVE_UP, OUTAGE, READING_PAUSE, Ending, Kind, Mode, No, Phase, Round
from bot.domain.ids import ConceptId
from bot.domain.pack import Pack
from bot.store.tables import attempt, battle, memory, round_, strike
from bot.usecases.fought import Bar, FinalShown, Lobby, ResultShown, RoundShown, Told, Waiting
from bot.usecases.muster import MOST_OPENED
from tests.domain.items import choice, pack
from tests.store.engines import on_sqlite
from tests.usecases.arena import Arena, Fighter, Group, only
from tests.usecases.test_fight import of_one, of_several, open_round
from tests.usecases.test_muster import bar, linked, no, opened, told


def places(group: Group) -> list[tuple[int, str, int]]:
    """The final's ranks, names and points."""
    return [(one.rank, one.player.name, one.player.points) for one in group.last(FinalShown).standings]


def crowd(arena: Arena, group: Group, line: str, *names: str) -> list[Fighter]:
    """A battle that has begun."""
    anna = opened(arena, group, line)
    people = [group(name) for name in names]
    for one in people:
        one.taps("Join")
    anna.taps("Start")
    return [anna, *people]


def choice_of(item: Any) -> Any:
    """The same item in other words, so of another version."""
    return type(item).model_validate({**item.model_dump(mode="json"), "stem": f"{item.stem} Or?"})


def reworded(arena: Arena, concepts: Sequence[ConceptId]) -> None:
    """The pack's items of these concepts have been changed, as by a new version."""
    name, old = next(iter(arena.room.packs.items()))
    topics = []
    for file in old.topics:
        listed = [
            one.model_copy(update={"items": tuple(choice_of(item) for item in one.items)})
            if one.concept_id in concepts
            else one
            for one in file.concepts
        ]
        topics.append(file.model_copy(update={"concepts": tuple(listed)}))
    arena.room.packs[name] = Pack(old.outline, tuple(topics))


# whole battles


@pytest.mark.parametrize("mode", ["study", "race", "sudden", "teams", "coop"])
def test_every_mode_is_played_to_its_end(arena: Arena, mode: str) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben, carl = crowd(arena, group, f"/battle {mode} 5", "Ben", "Carl")
    first = arena.battle()
    assert first.rules.mode is Mode(mode)
    arena.plays([anna, ben], [carl])
    if arena.battle().phase is not Phase.OVER:
        arena.plays([anna], [ben])
    arena.plays_out([anna])
    assert arena.battle().ending is Ending.PLAYED
    assert group.is_idle
    assert [one.rank for one in group.last(FinalShown).standings] == [1, 2, 3]
    assert places(group)[0][1] == "Anna"
    assert len(group.saw(FinalShown)) == 1
    assert group.last(FinalShown).counts
    assert group.last(FinalShown).has_newcomers
    if mode == "sudden":
        assert arena.battle().number == 2  # one is left
    elif mode == "race":
        assert places(group)[0][2] > 4000
    else:
        assert places(group) == [(1, "Anna", 500), (2, "Ben", 100), (3, "Carl", 0)]
    if mode == "teams":
        assert list(arena.battle().totals) == pytest.approx([350, 100])  # Carl, who sleeps, weighs on two rounds alone
    if mode == "coop":
        assert arena.battle().share == pytest.approx(2 / 3 + 1 / 3 + 1 / 3 + 1 / 2 + 1)


@on_sqlite
def test_who_comes_late_to_a_sudden_death_plays_beside_it(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle sudden 5", "Ben")
    arena.plays([anna, ben])
    carl, dora = group("Carl"), group("Dora")
    assert told(carl.taps("Join")) is Told.JOINED_ASIDE
    arena.comes_to(Phase.OPEN)
    assert told(dora.answers()) is Told.LOCKED
    arena.plays([anna, ben, carl])
    arena.plays([anna, carl], [ben])
    assert arena.battle().ending is Ending.PLAYED
    assert {one.name: one.out for one in arena.players()} == {"Anna": None, "Ben": 3, "Carl": 0, "Dora": 0}
    assert carl.player.points == 0
    assert carl.player.right == 0


@on_sqlite
def test_a_round_ends_when_all_have_answered_and_waits_for_nobody_who_left_or_slept(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben, _carl = crowd(arena, group, "/battle 5", "Ben", "Carl")
    lengths = []
    for number in range(1, 5):
        arena.comes_to(Phase.OPEN)
        began = arena.clock.now
        anna.answers()
        ben.answers()
        if number == 4:
            ben.taps("Leave")
        arena.comes_to(Phase.SHOWN)
        lengths.append((arena.clock.now - began).total_seconds())
        arena.passes(12.5)
    seconds = group.question.round.seconds
    assert lengths[0] > seconds - 2
    assert lengths[1] > seconds - 2
    assert max(lengths[2:]) < 4  # Carl let two rounds pass


@on_sqlite
def test_a_race_has_its_next_question_sooner(arena: Arena) -> None:
    of_one(arena)
    for mode, pause in (("race", 6), ("study", 12)):
        group = arena.group(chat=f"-{pause}")
        anna, ben = crowd(arena, group, f"/battle {mode} 5", "Ben")
        arena.comes_to(Phase.OPEN)
        anna.answers()
        ben.answers()
        arena.comes_to(Phase.SHOWN)
        shown = arena.clock.now
        arena.comes_to(Phase.POSED)
        assert timedelta(0) <= arena.clock.now - shown - timedelta(seconds=pause) < timedelta(seconds=1)
        anna.says("/battle stop")


@on_sqlite
def test_nobody_sees_what_others_chose_before_the_end(arena: Arena) -> None:
    of_one(arena)
    group = arena.group("discord", "c1")
    anna, ben = crowd(arena, group, "/battle 5 60s", "Ben", "Carl")[:2]
    arena.comes_to(Phase.OPEN)
    anna.answers()
    arena.passes(6)
    counted = group.last(RoundShown)
    assert (counted.answered, counted.players) == (1, 3)
    before = [button.label for button in next(one.view for one in group.seen if one.what == "round").buttons]
    assert [button.label for button in group.seen[-1].view.buttons if group.seen[-1].what == "round"] in (before, [])
    ben.answers(right=False)
    arena.comes_to(Phase.SHOWN)
    assert sum(one.is_right for one in group.last(ResultShown).marks.values()) == 1


@on_sqlite
def test_three_silent_rounds_end_it(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, *_ = crowd(arena, group, "/battle 10", "Ben")
    arena.plays([anna])
    arena.comes_to(Phase.OVER)
    battle = arena.battle()
    assert (battle.ending, battle.number) == (Ending.SILENT, 4)
    assert group.last(FinalShown).rounds == 4


@on_sqlite
def test_a_stop_in_the_middle_ends_it_with_what_there_is(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 5", "Ben")
    arena.plays([anna, ben])
    arena.comes_to(Phase.OPEN)
    assert told(anna.says("/battle stop")) is Told.STOPPED
    arena.delivers()
    assert arena.battle().ending is Ending.STOPPED
    assert places(group) == [(1, "Anna", 100), (1, "Ben", 100)]
    assert no(ben.strikes(0)) is No.OVER


@on_sqlite
def test_a_round_that_was_stopped_is_none_of_those_played(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 5 coop", "Ben")
    arena.plays([anna, ben])
    arena.comes_to(Phase.OPEN)
    anna.says("/battle stop")
    arena.delivers()
    final = group.last(FinalShown)
    assert (final.rounds, final.battle.share) == (1, 1.0)
    assert group.last(ResultShown).round.number == 2  # the question shows its answer all the same


@on_sqlite
def test_a_stop_before_the_first_result_says_so(arena: Arena) -> None:
    group = arena.group()
    anna, _ = open_round(arena, group)
    anna.says("/battle stop")
    arena.delivers()
    assert group.last(FinalShown).rounds == 0
    assert "before the first round" in next(one.view.text for one in group.seen if isinstance(one.outcome, FinalShown))


def test_an_answer_given_before_a_stop_is_still_learned_from(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = open_round(arena, group)
    arena.passes(4)
    ben.answers()
    anna.says("/battle stop")
    arena.delivers()
    assert arena.room.tutor.keep_answers(10) == 1
    assert ben.player.points == 0  # others had no chance to answer
    rows = arena.room.select(sa.select(attempt.c.learner_id, attempt.c.is_right, attempt.c.took_s))
    assert [(who, right) for who, right, _ in rows] == [(ben.learner, True)]
    assert len(arena.room.select(sa.select(memory.c.concept))) == 1


@on_sqlite
def test_a_pack_that_has_little_to_ask_asks_it_again_and_one_that_has_nothing_ends_it(arena: Arena) -> None:
    only(arena.room, pack({"streams/c1": [choice("s-1", (1,))], "training/c2": [choice("s-2", (1,))]}))
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 5", "Ben")
    arena.plays([anna, ben])
    arena.plays([anna, ben])
    first = {one.round.concept for one in group.saw(RoundShown)}
    assert len(first) == 2
    arena.plays([anna, ben])
    name, old = next(iter(arena.room.packs.items()))
    arena.room.packs[name] = Pack(old.outline, ())
    arena.comes_to(Phase.OVER)
    arena.delivers()
    assert arena.battle().ending is Ending.DRY
    assert group.saw(FinalShown)


@on_sqlite
def test_sealed_items_and_drafts_are_never_asked(arena: Arena) -> None:
    sealed = choice("s-sealed", (1,), pool="one")
    draft = choice("s-draft", (1,), status="draft")
    only(arena.room, pack({"streams/c1": [sealed, choice("s-1", (1,))], "training/c2": [draft]}))
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 10", "Ben")
    arena.plays_out([anna, ben])
    assert {one.round.item for one in group.saw(RoundShown)} == {"s-1"}


@on_sqlite
def test_what_is_due_for_those_present_comes_first(arena: Arena) -> None:
    of_one(arena)
    guest = arena.room.person("Anna@telegram")
    guest.says("/quiz 1")
    due = guest.posed().ask.concept
    guest.answers(right=False)
    arena.clock.waits(days=30)
    group = arena.group()
    crowd(arena, group, "/battle 5", "Ben")
    arena.delivers()
    assert group.question.round.concept == due


@on_sqlite
def test_a_concept_comes_once_while_there_are_others(arena: Arena) -> None:
    of_several(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 6", "Ben")
    arena.plays_out([anna, ben])
    asked = {one.round.number: one.round.concept for one in group.saw(RoundShown)}
    assert len(set(asked.values())) == 6


# rooms that are lost


def test_an_outage_pauses_both_sides_with_a_word(arena: Arena) -> None:
    of_one(arena)
    home, away, anna, dora = linked(arena)
    anna.taps("Start")
    arena.comes_to(Phase.OPEN)
    anna.answers()
    dora.answers()
    arena.comes_to(Phase.SHOWN)
    arena.passes(2)
    away.is_away = True
    arena.comes_to(Phase.POSED)
    arena.passes(OUTAGE.total_seconds() + 2)
    assert arena.battle().phase is Phase.POSED
    assert home.last(Waiting).platforms == ("discord",)
    arena.passes(60)
    assert len(home.saw(Waiting)) == 1
    away.is_away = False
    arena.comes_to(Phase.OPEN)
    asked = rounds(arena)[1]
    assert asked.opened[1] - asked.opened[0] > timedelta(seconds=60)
    assert told(dora.answers()) is Told.LOCKED  # her time begins when she sees it
    arena.comes_to(Phase.SHOWN)
    arena.plays_out([anna, dora])
    assert arena.battle().ending is Ending.PLAYED


@on_sqlite
def test_an_outage_while_a_result_is_shown_pauses_too(arena: Arena) -> None:
    of_one(arena)
    home, away, anna, dora = linked(arena)
    anna.taps("Start")
    arena.comes_to(Phase.OPEN)
    away.is_away = True
    anna.answers()
    dora.answers()
    arena.comes_to(Phase.SHOWN)
    arena.passes(30)
    assert (arena.battle().phase, arena.battle().number) == (Phase.SHOWN, 1)
    assert home.saw(Waiting)
    away.is_away = False
    arena.comes_to(Phase.POSED)
    assert arena.battle().number == 2
    seen_at = next(one.at for one in away.seen if isinstance(one.outcome, ResultShown))
    assert arena.clock.now - seen_at >= READING_PAUSE  # who sees it late has as long to read it


@on_sqlite
def test_a_room_that_is_away_too_long_is_left_behind(arena: Arena) -> None:
    of_one(arena)
    home, away, anna, dora = linked(arena)
    anna.taps("Start")
    arena.comes_to(Phase.OPEN)
    anna.answers()
    dora.answers()
    arena.comes_to(Phase.SHOWN)
    arena.passes(2)
    away.is_away = True
    arena.comes_to(Phase.POSED)
    arena.passes(GIVE_UP.total_seconds() + 1)
    assert away.is_idle
    assert dora.player.gone is not None
    arena.comes_to(Phase.OPEN)
    arena.plays_out([anna])
    assert arena.battle().ending is Ending.PLAYED
    assert home.saw(FinalShown)
    assert home.is_idle


@on_sqlite
@pytest.mark.parametrize("is_alone", [True, False])
def test_a_room_whose_platform_refuses_the_question_is_out(arena: Arena, is_alone: bool) -> None:
    of_one(arena)
    home, away, anna, dora = linked(arena)
    anna.taps("Start")
    arena.room.tutor.fight_due(1)
    for place in (0, 1) if is_alone else (1,):
        arena.forces(f"battle:{arena.newest}:round-1:{place}")
    if is_alone:
        arena.comes_to(Phase.OVER)
        assert arena.battle().ending is Ending.OUTAGE
        assert home.is_idle
        assert away.is_idle
        return
    arena.plays([anna])
    assert [hall.is_gone for hall in arena.battle().halls] == [False, True]
    assert no(dora.does(wants.Strike(arena.newest, 2, 0))) is No.GONE
    arena.plays_out([anna])
    assert arena.battle().ending is Ending.PLAYED
    assert not away.saw(FinalShown)
    assert away.is_idle


@on_sqlite
def test_a_room_that_threw_the_bot_out_is_out(arena: Arena) -> None:
    of_one(arena)
    home, away, anna, dora = linked(arena)
    anna.taps("Start")
    arena.plays([anna, dora])
    with arena.room.database.outbox() as work:
        work.unreachable("discord", away.chat)
    away.is_away = True
    arena.plays_out([anna])
    assert arena.battle().ending is Ending.PLAYED
    assert home.saw(FinalShown)


@on_sqlite
def test_a_result_that_can_not_be_shown_keeps_nobody_waiting(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 5", "Ben")
    arena.comes_to(Phase.OPEN)
    anna.answers()
    ben.answers()
    while arena.battle().phase is not Phase.SHOWN:
        arena.clock.waits(seconds=0.2)
        arena.room.tutor.fight_due(10)
    arena.forces(f"battle:{arena.newest}:round-1:0~")
    arena.comes_to(Phase.POSED)
    assert arena.battle().number == 2


# packs that change


@on_sqlite
def test_an_item_that_changed_meanwhile_is_not_graded_and_the_battle_goes_on(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 5", "Ben")
    arena.comes_to(Phase.OPEN)
    anna.answers()
    reworded(arena, [group.question.round.concept])
    assert no(ben.strikes(0)) is No.GONE
    arena.comes_to(Phase.SHOWN)
    arena.passes(13)
    assert arena.battle().number == 2
    assert anna.player.answers == 0
    arena.plays_out([anna, ben])
    assert arena.battle().ending is Ending.PLAYED
    assert anna.player.right == 4


@on_sqlite
def test_an_item_that_changed_before_anybody_saw_it_ends_nothing(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 5", "Ben")
    reworded(arena, [rounds(arena)[0].concept])
    arena.comes_to(Phase.OPEN)
    assert arena.battle().number == 2
    arena.plays_out([anna, ben])
    assert arena.battle().ending is Ending.PLAYED


@on_sqlite
def test_an_answer_whose_item_changed_before_it_was_kept_is_let_go(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, ben = crowd(arena, group, "/battle 5", "Ben")
    arena.comes_to(Phase.OPEN)
    anna.answers()
    ben.answers()
    arena.comes_to(Phase.SHOWN)
    reworded(arena, [rounds(arena)[0].concept])
    assert arena.room.tutor.keep_answers(10) == 2
    assert arena.room.tutor.keep_answers(10) == 0
    assert not arena.room.attempts()


# replays


def fought(arena: Arena, group: Group) -> tuple[Fighter, Fighter]:
    """A battle that is over: Anna right after four seconds, Ben wrong."""
    anna, ben = crowd(arena, group, "/battle 5", "Ben")
    while arena.battle().phase is not Phase.OVER:
        arena.plays([anna], [ben], after_s=4)
    arena.passes(20)
    return anna, ben


def test_who_missed_a_battle_plays_it_in_private_with_its_real_timings(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna, _ = fought(arena, group)
    source = arena.newest
    was = [(one.item, one.order, one.seconds) for one in rounds(arena)]
    carl = group("Carl")
    carl.alone("/help")
    assert told(carl.taps("👻")) is Told.REPLAYING
    ghost, home = arena.battle(), arena.group(chat=carl.account)
    assert (ghost.kind, ghost.ghost) == (Kind.GHOST, source)
    there = Fighter(home, "Carl", carl.account)
    for _ in range(5):
        arena.comes_to(Phase.OPEN)
        arena.passes(6)
        there.alone(wants.Strike(arena.newest, home.question.round.number, home.keys()[0]))
        arena.comes_to(Phase.SHOWN)
        result = home.last(ResultShown)
        assert result.ghosts[anna.learner].took_s == pytest.approx(4, abs=0.3)
        assert {one.name for one in result.players if one.is_ghost} == {"Anna", "Ben"}
        arena.passes(12.5)
    assert [(one.item, one.order, one.seconds) for one in rounds(arena)] == was
    final = home.last(FinalShown)
    assert not final.counts
    assert [(one.rank, one.player.name, one.player.is_ghost) for one in final.standings] == [
        (1, "Anna", True),
        (2, "Carl", False),
        (3, "Ben", True),
    ]
    assert "👻" in home.view.text
    assert arena.room.tutor.keep_answers(100) == 15
    assert len(arena.room.attempts()) == 15


def rounds(arena: Arena) -> Sequence[Round]:
    battle = arena.newest
    with arena.room.database.begin() as work:
        return work.rounds(battle)


@on_sqlite
def test_the_command_finds_what_somebody_missed(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    crowd(arena, group, "/battle 5", "Carl")
    carl = group("Carl")
    carl.alone("/help")
    arena.comes_to(Phase.OVER)
    arena.passes(20)
    anna, _ = fought(arena, group)
    missed = arena.newest
    assert told(carl.alone("/battle ghost")) is Told.REPLAYING
    assert arena.battle().ghost == missed
    assert bar(carl.alone("/battle ghost")) is Bar.RUNNING
    assert told(carl.alone("/battle leave")) is Told.LEFT
    assert arena.battle().ending is Ending.STOPPED
    assert told(carl.alone("/battle replay")) is Told.REPLAYING
    assert told(carl.alone("/battle stop")) is Told.STOPPED
    anna.alone("/help")
    assert told(anna.alone("/battle ghost")) is Told.REPLAYING  # what she played, as she missed none
    assert arena.battle().ghost == missed


@on_sqlite
@pytest.mark.parametrize("platform", ["telegram", "discord"])
def test_a_group_plays_its_newest_battle_again(arena: Arena, platform: str) -> None:
    of_one(arena)
    group = arena.group(platform)
    fought(arena, group)
    source = arena.newest
    carl, dora = group("Carl"), group("Dora")
    carl.says("/battle")
    carl.says("/battle stop")  # one that never began is nothing to replay
    arena.passes(16)
    assert told(carl.says("/battle ghost")) is Told.OPENED
    arena.delivers()
    assert arena.battle().ghost == source
    assert group.last(Lobby).battle.kind is Kind.GHOST
    dora.taps("Join")
    assert told(carl.taps("Start")) is Told.BEGUN
    arena.plays_out([dora], [carl])
    final = group.last(FinalShown)
    assert {one.player.name for one in final.standings} == {"Anna", "Ben", "Carl", "Dora"}
    assert not final.counts
    assert arena.battle().number == 5


@on_sqlite
def test_a_replay_skips_what_the_pack_has_changed(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    fought(arena, group)
    asked = {one.round.number: one.round.concept for one in group.saw(RoundShown)}
    reworded(arena, [asked[1], asked[4]])
    carl = group("Carl")
    carl.says("/battle ghost")
    arena.delivers()
    carl.taps("Start")
    arena.plays_out([carl])
    assert [one.source for one in rounds(arena)] == [2, 3, 5]
    assert arena.battle().ending is Ending.PLAYED
    reworded(arena, list(asked.values()))
    arena.passes(16)
    carl.says("/battle ghost")
    arena.delivers()
    carl.taps("Start")
    arena.delivers()
    assert arena.battle().ending is Ending.DRY


@on_sqlite
def test_a_battle_of_others_can_not_be_replayed(arena: Arena) -> None:
    of_one(arena)
    group, other = arena.group(), arena.group(chat="-200")
    anna, _ = fought(arena, group)
    battle, eve = arena.newest, other("Eve")
    eve.alone("/help")
    assert bar(eve.does(wants.Replay(battle))) is Bar.NO_GHOST
    assert bar(eve.alone(wants.Replay(battle))) is Bar.NO_GHOST
    anna.alone("/help")
    assert told(anna.alone(wants.Replay(battle))) is Told.REPLAYING


@on_sqlite
def test_a_replay_waits_until_somebody_can_be_written_to(arena: Arena) -> None:
    of_one(arena)
    group = arena.group("discord", "c1")
    fought(arena, group)
    assert bar(group("Carl").taps("👻")) is Bar.UNREACHABLE
    assert bar(group("Carl").does(wants.Replay(type(arena.newest)(99)))) is Bar.UNREACHABLE


@on_sqlite
def test_what_never_began_or_runs_still_is_nothing_to_replay(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    anna = opened(arena, group)
    anna.alone("/help")
    assert bar(anna.does(wants.Replay(arena.newest))) is Bar.NO_GHOST
    anna.says("/battle stop")
    assert bar(anna.does(wants.Replay(arena.newest))) is Bar.NO_GHOST
    assert not arena.room.select(sa.select(strike.c.number))


@on_sqlite
def test_replays_of_a_group_are_as_rare_as_its_battles(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    fought(arena, group)
    carl = group("Carl")
    for _ in range(MOST_OPENED):
        assert told(carl.says("/battle ghost", key="once")) is Told.OPENED
        assert told(carl.says("/battle ghost")) is Told.OPENED if group.is_idle else True
        carl.says("/battle stop")
    assert bar(carl.says("/battle ghost")) is Bar.TOO_MANY
    assert told(group("Dora").says("/battle ghost")) is Told.OPENED


@on_sqlite
def test_a_battle_that_can_not_go_on_keeps_no_other(arena: Arena, caplog: pytest.LogCaptureFixture) -> None:
    of_one(arena)
    broken, other = arena.group(), arena.group("discord", "c1")
    opened(arena, broken).taps("Start")
    one = arena.newest
    opened(arena, other).taps("Start")
    arena.room.change(sa.delete(round_).where(round_.c.battle_id == one))
    arena.passes(1)
    assert "can't go on; it is tried again in a minute" in caplog.text
    arena.room.change(sa.update(battle).where(battle.c.id == one).values(rules="no JSON"))
    arena.passes(60)
    assert "can't be read; it is looked at again in a minute" in caplog.text
    arena.comes_to(Phase.OPEN)
    assert other.saw(RoundShown)
