"""A group's board, and its daily question."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.view import Notice, Show
from bot.domain.battle import Kind, No
from bot.domain.ids import LearnerId
from bot.domain.learner import Field
from bot.domain.pace import KEPT_FREE, ROOM, lane
from bot.ports import Tallied
from bot.store.tables import room
from bot.usecases.dated import CalendarShown
from bot.usecases.fought import (
    Bar,
    BoardShown,
    DailyShown,
    FinalShown,
    ResultShown,
    RoundShown,
    Told,
)
from bot.usecases.fought import Span as Stretch
from bot.usecases.outcome import Word
from bot.usecases.rank import began, ranked
from tests.domain.items import choice, pack
from tests.store.engines import on_sqlite
from tests.usecases.arena import Arena, Fighter, Group, only
from tests.usecases.postman import wall
from tests.usecases.test_fight import of_one
from tests.usecases.test_muster import bar, no, told


def rows(board: object) -> list[tuple[int, str, int, int]]:
    assert isinstance(board, BoardShown), board
    return [(one.rank, one.name, one.right, one.answers) for one in board.rows]


def fight(arena: Arena, group: Group, right: Sequence[str], wrong: Sequence[str]) -> None:
    """A battle of five rounds among these people."""
    first, *others = [*right, *wrong]
    group(first).says("/battle 5")
    arena.delivers()
    people = [group(name) for name in others]
    for one in people:
        one.taps("Join")
    group(first).taps("Start")
    arena.plays_out([group(name) for name in right], [group(name) for name in wrong])
    arena.passes(60)


# boards


def test_a_board_has_weeks_months_and_all_times(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    arena.clock.now = wall(10, 30, 12)  # a Friday
    fight(arena, group, ["Anna"], ["Ben"])
    arena.clock.now = wall(11, 5, 12)
    fight(arena, group, ["Ben", "Anna"], [])
    arena.clock.now = wall(11, 9, 12)
    fight(arena, group, ["Ben"], ["Carl"])
    carl = group("Carl")
    assert rows(carl.says("/board")) == [(1, "Ben", 5, 5), (2, "Carl", 0, 5)]
    arena.passes(60)
    assert rows(carl.says("/board season")) == [(1, "Ben", 10, 10), (2, "Anna", 5, 5), (3, "Carl", 0, 5)]
    assert [one[:2] for one in rows(carl.says("/board all"))] == [(1, "Anna"), (2, "Ben"), (3, "Carl")]
    (reply,) = carl.replies
    assert isinstance(reply, Show)
    assert reply.is_public
    assert rows(arena.group(chat="-200")("Carl").says("/board all")) == []


@on_sqlite
def test_a_board_counts_battles_of_two_or_more_and_no_replays(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    fight(arena, group, ["Anna"], [])
    assert not group.last(FinalShown).counts
    assert rows(group("Anna").says("/board all")) == []
    fight(arena, group, ["Anna"], ["Ben"])
    assert rows(group("Anna").says("/board all")) == [(1, "Anna", 5, 5), (2, "Ben", 0, 5)]
    group("Anna").says("/battle ghost")
    arena.delivers()
    group("Ben").taps("Join")
    group("Anna").taps("Start")
    arena.plays_out([group("Ben"), group("Anna")])
    arena.passes(60)
    assert rows(group("Anna").says("/board all")) == [(1, "Anna", 5, 5), (2, "Ben", 0, 5)]


@on_sqlite
def test_a_board_of_one_domain(arena: Arena) -> None:
    only(arena.room, pack({"streams/c1": [choice("s-1", (1,))], "training/c2": [choice("s-2", (1,))]}))
    group = arena.group()
    fight(arena, group, ["Anna"], ["Ben"])
    anna = group("Anna")
    by_domain = {name: anna.does(wants.Board("all", name)) for name in ("data", "models")}
    assert sum(one.rows[0].right for one in by_domain.values()) == 5
    assert all(0 < one.rows[0].right < 5 for one in by_domain.values())
    assert by_domain["data"].domain.id == "data"
    arena.passes(60)
    assert bar(anna.does(wants.Board("all", "nowhere"))) is Bar.UNCLEAR
    assert bar(anna.does(wants.Board("all", "streams"))) is Bar.UNCLEAR  # a topic has no board
    assert anna.does(wants.Board("century", "")).span is Stretch.WEEK


def test_who_opts_out_plays_on_unseen(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    fight(arena, group, ["Anna", "Ben"], [])
    anna = group("Anna")
    assert told(anna.does(wants.Rank(on=False))) is Told.HIDDEN
    assert [name for _, name, *_ in rows(anna.says("/board all"))] == ["Ben"]
    fight(arena, group, ["Anna", "Ben"], [])
    assert {one.player.name for one in group.last(FinalShown).standings} == {"Anna", "Ben"}
    assert told(anna.does(wants.Rank(on=True))) is Told.SHOWN
    assert [(name, right) for _, name, right, _ in rows(anna.says("/board all"))] == [("Anna", 10), ("Ben", 10)]


@on_sqlite
def test_a_board_says_each_name_as_the_group_knew_it_last(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    fight(arena, group, ["Anna", "Ben"], [])
    later = Fighter(group, "Annabel", "Anna@telegram")
    crowd_of = [later, group("Ben")]
    later.says("/battle 5")
    arena.delivers()
    crowd_of[1].taps("Join")
    later.taps("Start")
    arena.plays_out(crowd_of)
    arena.passes(60)
    assert {name for _, name, *_ in rows(later.says("/board all"))} == {"Annabel", "Ben"}


@on_sqlite
def test_looking_at_a_board_enrolls_nobody(arena: Arena) -> None:
    group = arena.group()
    assert rows(group("Anna").says("/board")) == []
    with pytest.raises(AssertionError):
        _ = group("Anna").learner
    assert group("Anna").alone("/board") is Word.IN_A_GROUP


def test_places_go_by_right_answers_then_accuracy_then_time() -> None:
    def one(name: str, right: int, answers: int, took_s: float) -> Tallied:
        return Tallied(LearnerId(len(name)), name, right, answers, took_s, 0)

    given = [
        one("slow", 5, 6, 9.0),
        one("sure", 5, 5, 20.0),
        one("fast", 5, 6, 3.0),
        one("twin", 5, 6, 3.0),
        one("none", 0, 4, 0.0),
        one("most", 6, 12, 30.0),
    ]
    found = [(row.rank, row.name) for row in ranked(given)]
    assert found == [(1, "most"), (2, "sure"), (3, "fast"), (3, "twin"), (5, "slow"), (6, "none")]


def test_weeks_begin_on_monday_and_seasons_on_the_first() -> None:
    now = wall(11, 25, 12)  # a Wednesday
    assert began(Stretch.WEEK, now) == datetime(2026, 11, 23, tzinfo=now.tzinfo)
    assert began(Stretch.SEASON, now) == datetime(2026, 11, 1, tzinfo=now.tzinfo)
    assert began(Stretch.ALL, now) is None


# the pace of a group


@pytest.mark.parametrize("platform", ["telegram", "discord"])
def test_a_group_that_asks_too_much_is_told_so_in_a_word(arena: Arena, platform: str) -> None:
    group = arena.group(platform)
    shown = [group(f"P{n}").says("/board") for n in range(ROOM.burst - KEPT_FREE)]
    assert all(isinstance(one, BoardShown) for one in shown)
    late = group("Late")
    assert bar(late.says("/board")) is Bar.LIVELY
    assert isinstance(late.replies[0], Notice)
    assert bar(late.does(wants.Calendar())) is Bar.LIVELY
    assert rows(arena.group(platform, "-9")("Late").says("/board")) == []
    arena.clock.waits(seconds=ROOM.spacing_s)
    assert isinstance(late.does(wants.Calendar()), CalendarShown)
    assert bar(late.says("/board")) is Bar.LIVELY


@on_sqlite
def test_whoever_leafs_through_boards_on_discord_holds_up_no_question(arena: Arena) -> None:
    reader = arena.group("discord", "c1")("Reader")
    for _ in range(2 * ROOM.burst):
        reader.says("/board")
    with arena.room.database.outbox() as work:
        assert work.reserve(lane("discord", "c1"), arena.clock.now, 1.1, 5) == arena.clock.now


# the daily question


def boss_of(group: Group) -> Fighter:
    boss = group("Boss")
    boss.is_admin = True
    return boss


def shown_at(outcome: object) -> tuple[time | None, time | None, str]:
    assert isinstance(outcome, DailyShown), outcome
    return outcome.at, outcome.until, outcome.zone


@on_sqlite
def test_only_an_admin_sets_a_daily_question_and_everybody_sees_when_it_comes(arena: Arena) -> None:
    group = arena.group()
    anna, boss = group("Anna"), boss_of(group)
    assert shown_at(anna.says("/daily")) == (None, None, "UTC")
    for text in ("18:00 Berlin", "off", "nonsense"):
        assert bar(anna.says(f"/daily {text}")) is Bar.ADMIN
    assert shown_at(boss.says("/daily 18:00 Berlin")) == (time(18), time(21), "Europe/Berlin")
    assert shown_at(anna.says("/daily")) == (time(18), time(21), "Europe/Berlin")
    arena.passes(60)  # the pace of the group
    assert shown_at(boss.says("/daily 7:30-8:15")) == (time(7, 30), time(8, 15), "Europe/Berlin")
    assert told(boss.says("/daily off")) is Told.DAILY_OFF
    assert shown_at(anna.says("/daily"))[0] is None
    assert anna.alone("/daily 18:00") is Word.IN_A_GROUP


@on_sqlite
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("25:00 Berlin", Bar.UNCLEAR_TIME),
        ("soon", Bar.UNCLEAR_TIME),
        ("18:00 Nowheretown-on-Sea", Bar.UNCLEAR_TIME),
        ("18:00-nine Berlin", Bar.UNCLEAR_TIME),
        ("18:00-18:10 Berlin", Bar.UNCLEAR_TIME),
        ("18:00-18:00 Berlin", Bar.UNCLEAR_TIME),
        ("18:00 \x00", Bar.UNCLEAR_TIME),
    ],
)
def test_a_time_that_is_none_is_refused(arena: Arena, text: str, wanted: Bar) -> None:
    group = arena.group()
    assert bar(boss_of(group).does(wants.Daily(text))) is wanted
    assert shown_at(group("Anna").says("/daily"))[0] is None


def test_the_daily_question_comes_and_its_result_at_the_set_hour(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    boss = boss_of(group)
    boss.says("/daily 18:00-20:00 Berlin")
    arena.until(wall(11, 23, 17, 59))
    assert not group.seen
    arena.until(wall(11, 23, 18, 0))
    assert [one.what for one in group.seen] == ["round"]
    anna, ben, carl = group("Anna"), group("Ben"), group("Carl")
    arena.passes(600)
    assert told(anna.answers()) is Told.LOCKED
    arena.until(wall(11, 23, 19, 59))
    assert told(ben.answers(right=False)) is Told.LOCKED
    assert not group.saw(ResultShown)
    arena.until(wall(11, 23, 20, 0) + timedelta(seconds=1))
    (result,) = [one for one in group.saw(ResultShown) if one.as_reply]  # and the question became its result
    assert result.as_reply
    assert {who for who, mark in result.marks.items() if mark.is_right} == {anna.learner}
    assert no(carl.strikes(0)) in (No.OVER, No.LATE)
    arena.passes(60)
    assert group.is_idle
    assert not group.saw(FinalShown)
    assert rows(anna.says("/board")) == [(1, "Anna", 1, 1), (2, "Ben", 0, 1)]
    assert arena.room.tutor.keep_answers(10) == 2
    arena.until(wall(11, 24, 17, 59))
    assert len(group.saw(RoundShown)) == 1
    arena.until(wall(11, 24, 18, 1))
    assert len(group.saw(RoundShown)) == 2


@on_sqlite
def test_daily_polls_take_votes(arena: Arena) -> None:
    of_one(arena)
    group = arena.group(takes_polls=True)
    boss_of(group).says("/daily 18:00 Berlin")
    arena.until(wall(11, 23, 18, 0))
    assert told(group("Anna").votes(*group.keys())) is Told.LOCKED
    arena.until(wall(11, 23, 21, 1))
    assert group.last(ResultShown).marks


@on_sqlite
def test_a_daily_question_never_comes_twice_a_day(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    boss = boss_of(group)
    boss.does(wants.Daily("18:00-18:30 New York"))
    zone = ZoneInfo("America/New_York")
    arena.until(wall(11, 23, 19, 0, zone))
    assert len(group.saw(RoundShown)) == 1
    boss.does(wants.Daily("22:00 New York"))
    arena.until(wall(11, 24, 3, 0, zone))
    assert len(group.saw(RoundShown)) == 1
    arena.until(wall(11, 24, 22, 1, zone))
    assert len(group.saw(RoundShown)) == 2


@on_sqlite
def test_a_daily_question_that_is_moved_ahead_comes_the_next_day(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    boss = boss_of(group)
    zone = ZoneInfo("Pacific/Auckland")
    boss.says("/daily 14:00-15:00 Auckland")  # 1:00 UTC
    arena.until(wall(11, 24, 16, 0, zone))
    assert len(group.saw(RoundShown)) == 1
    boss.says("/daily 12:00-13:00 Auckland")  # 23:00 UTC: the same date there, not here
    arena.until(wall(11, 25, 12, 1, zone))
    assert len(group.saw(RoundShown)) == 2


@on_sqlite
def test_the_daily_question_stands_beside_a_battle(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    boss_of(group).says("/daily 18:00-19:00 Berlin")
    arena.until(wall(11, 23, 17, 59, ZoneInfo("Europe/Berlin")))
    group("Anna").says("/battle")
    arena.until(wall(11, 23, 18, 1))
    assert len(group.saw(RoundShown)) == 1
    assert bar(group("Ben").says("/battle")) is Bar.RUNNING  # the lobby, not the question
    arena.until(wall(11, 23, 18, 30))
    assert group.is_idle  # nobody began it
    arena.until(wall(11, 23, 19, 1))
    assert [one.as_reply for one in group.saw(ResultShown)].count(True) == 1


@on_sqlite
def test_after_a_long_stop_no_question_is_open_all_night(arena: Arena) -> None:
    of_one(arena)
    group = arena.group()
    boss_of(group).says("/daily 18:00-19:00 Berlin")
    arena.clock.now = wall(11, 23, 18, 20)  # the tutor was down
    arena.delivers()
    assert group.question.battle.open_s == 40 * 60
    arena.passes(3600)
    arena.clock.now = wall(11, 24, 18, 45)
    arena.delivers()
    arena.clock.now = wall(11, 25, 21, 0)
    arena.passes(60)
    assert len(group.saw(RoundShown)) == 1
    assert group.is_idle
    arena.until(wall(11, 26, 18, 1))
    assert len(group.saw(RoundShown)) == 2


@on_sqlite
def test_off_is_off_and_each_group_has_its_own(arena: Arena) -> None:
    of_one(arena)
    one, other = arena.group(), arena.group("discord", "c1")
    for group in (one, other):
        boss_of(group).says("/daily 18:00 Berlin")
    boss_of(one).says("/daily off")
    arena.until(wall(11, 23, 18, 1))
    assert (len(one.saw(RoundShown)), len(other.saw(RoundShown))) == (0, 1)
    assert arena.battle().kind is Kind.DAILY


@on_sqlite
def test_where_several_towns_have_a_name_it_asks_which(arena: Arena) -> None:
    group = arena.group()
    outcome = boss_of(group).says("/daily 18:00 Springfield")
    assert bar(outcome) is Bar.SEVERAL_TOWNS
    zones = {shown_at(boss_of(group).says(f"/daily 18:00 {near}"))[2] for near in outcome.near[:2]}
    assert zones == {"America/Chicago", "America/New_York"}


@on_sqlite
def test_without_a_town_it_is_the_admins_own_time(arena: Arena) -> None:
    group = arena.group()
    boss = boss_of(group)
    boss.alone("/help")
    boss.alone(wants.Choose(Field.ZONE, "Asia/Tokyo"))
    assert shown_at(boss.says("/daily 6pm")) == (time(18), time(21), "Asia/Tokyo")


@on_sqlite
def test_a_zone_that_this_machine_does_not_know_keeps_no_other_group_waiting(
    arena: Arena, caplog: pytest.LogCaptureFixture
) -> None:
    of_one(arena)
    lost, other = arena.group(), arena.group("discord", "c1")
    for group in (lost, other):
        boss_of(group).says("/daily 18:00 Berlin")
    arena.room.change(sa.update(room).where(room.c.chat == lost.chat).values(zone="Europe/Atlantis"))
    arena.until(wall(11, 23, 18, 1))
    assert (len(lost.saw(RoundShown)), len(other.saw(RoundShown))) == (0, 1)
    assert "can't be timed; it is looked at again later" in caplog.text
