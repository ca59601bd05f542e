"""A battle's phases, clocks and doors."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.battle import (
    Battle,
    Ending,
    Kind,
    Mode,
    No,
    Phase,
    Player,
    Rules,
    Struck,
    answer_s,
    begin,
    end,
    enter,
    is_answered,
    is_over,
    opens,
    pause,
    pose,
    reading_s,
    strike,
)
from bot.domain.ids import LearnerId
from tests.domain.battles import ANSWERING, NOW, READING, after, battle, hall, player, round_of

LATEST = timedelta(seconds=READING + ANSWERING + 0.7)
OPEN = battle(number=3, phase=Phase.OPEN)
TEAMS = battle(Mode.TEAMS, rules={"teams": 3})
PICKED = battle(Mode.TEAMS, rules={"teams": 3, "picks_team": True})


def tapped(*options: int, at_s: float = 15, wanted: int = 1, before: Struck | None = None, **more: Any) -> Struck | No:
    game = more.pop("game", OPEN)
    who = more.pop("who", player(1))
    is_vote = more.pop("is_vote", len(options) > 1)
    round_ = more.pop("round_", round_of(3))
    return strike(game, round_, who, before, options, after(at_s), wanted=wanted, is_vote=is_vote)


def entered(game: Battle, crowd: Sequence[Player], learner: int, place: int = 0, team: int | None = None) -> Player:
    found = enter(game, crowd, LearnerId(learner), f"Player {learner}", place, team)
    assert isinstance(found, Player)
    return found


@pytest.mark.parametrize(("words", "reading", "answering"), [(0, 0, 10), (1, 1, 10), (40, 12, 14), (200, 60, 30)])
def test_a_longer_question_has_more_time_to_be_read_and_to_be_answered(
    words: int, reading: int, answering: int
) -> None:
    assert (reading_s(words), answer_s(Rules(), words)) == (reading, answering)
    assert answer_s(Rules(seconds=45), words) == 45, "the host's word"
    assert answer_s(Rules(), 5000) == 90


def test_a_result_stands_for_twelve_seconds_and_for_six_where_speed_is_the_game() -> None:
    assert [pause(Rules(mode=mode)).total_seconds() for mode in Mode] == [12, 6, 6, 12, 12]


def test_a_question_opens_when_the_platform_of_every_room_that_is_still_there_has_acknowledged_it() -> None:
    game = pose(battle(halls=3), NOW)
    one = round_of(opened={0: after(1)})
    assert opens(game, one, after(5)) is game
    two = replace(one, opened={0: after(1), 1: after(3)})
    assert opens(game, two, after(5)) is game
    without = replace(game, halls=(hall(0), hall(1), hall(2, is_gone=True)))
    assert opens(without, two, after(5)) == replace(without, phase=Phase.OPEN, since=after(5))
    for phase in set(Phase) - {Phase.POSED}:
        assert opens(replace(without, phase=phase), two, after(5)).phase is phase


@given(st.floats(0, 60), st.floats(0, 60))
def test_each_room_has_all_its_time_from_its_own_acknowledgement_and_the_round_waits_for_the_last(
    here: float, there: float
) -> None:
    round_ = round_of(opened={0: after(here), 1: after(there)})
    for place, start in enumerate((after(here), after(there))):
        assert round_.takes(place, start + LATEST)
        assert not round_.takes(place, start + LATEST + timedelta(milliseconds=1))
        assert round_.took_s(place, start + timedelta(seconds=4)) == 4
        assert round_.took_s(place, start + LATEST) == READING + ANSWERING, "late is as late as can be, no later"
        assert round_.took_s(place, start - timedelta(seconds=4)) == 0
    assert round_.closes_at([hall(0), hall(1)]) == max(after(here), after(there)) + LATEST
    assert round_.closes_at([hall(0)]) == after(here) + LATEST
    assert round_.closes_at([hall(0), hall(2)]) is round_.closes_at([]) is None


def test_one_option_locks_a_single_choice_and_the_last_wanted_one_a_choice_of_several() -> None:
    assert tapped(1) == Struck(LearnerId(1), frozenset({1}), after(15), is_locked=True)
    first = tapped(1, wanted=2)
    assert first == Struck(LearnerId(1), frozenset({1}), after(15), is_locked=False)
    both = tapped(3, wanted=2, before=first, at_s=20)
    assert both == Struck(LearnerId(1), frozenset({1, 3}), after(20), is_locked=True, taps=2)
    back = tapped(1, wanted=2, before=first)
    assert back == Struck(LearnerId(1), frozenset(), after(15), is_locked=False, taps=2), "taken back"
    assert tapped(1, 3, wanted=2) == Struck(LearnerId(1), frozenset({1, 3}), after(15), is_locked=True), "a poll's vote"
    short = tapped(1, 3, wanted=3)
    assert isinstance(short, Struck)
    assert short.is_locked, "a vote is whole, however many it should have"


def test_a_tap_that_can_not_count_says_why() -> None:
    locked, first = tapped(1), tapped(1, wanted=2)
    assert isinstance(locked, Struck)
    assert isinstance(first, Struck)
    assert tapped(2, before=locked) is No.LOCKED
    assert tapped(1, at_s=30.7) != No.LATE
    assert tapped(1, at_s=30.8) is tapped(2, before=locked, at_s=30.8) is No.LATE
    assert tapped(2, wanted=2, before=replace(first, taps=11)) != No.TAPS
    assert tapped(2, wanted=2, before=replace(first, taps=12)) is No.TAPS
    assert tapped(1, round_=round_of(2)) is tapped(1, round_=round_of(4)) is No.LATE, "another round's button"
    assert tapped(1, game=replace(OPEN, phase=Phase.SHOWN)) is No.LATE
    assert tapped(1, game=end(OPEN, Ending.STOPPED, NOW)) is No.OVER
    posed, unheard = replace(OPEN, phase=Phase.POSED), round_of(3, opened={})
    assert isinstance(tapped(1, game=posed, round_=unheard, at_s=900), Struck), (
        "its platform has not said that it is up"
    )


def test_a_round_is_answered_when_all_have_who_are_here_in_play_and_awake() -> None:
    crowd = [player(1), player(2), player(3, gone=4), player(4, out=2), player(5, idle=2), player(6, joined=6)]
    one, two = LearnerId(1), LearnerId(2)
    assert not is_answered(round_of(5), crowd, frozenset({one}))
    assert is_answered(round_of(5), crowd, frozenset({one, two}))
    assert not is_answered(round_of(5), crowd[2:], frozenset({one, two})), "nobody is here: time alone ends it"


def test_people_come_in_the_lobby_and_until_the_last_round_and_play_from_the_next_round() -> None:
    seen: dict[tuple[Phase, int], int | No] = {}
    for phase, number in ((Phase.LOBBY, 0), (Phase.POSED, 1), (Phase.OPEN, 4), (Phase.SHOWN, 4), (Phase.SHOWN, 9)):
        found = enter(replace(OPEN, phase=phase, number=number), [], LearnerId(1), "One", 0)
        assert isinstance(found, Player)
        seen[phase, number] = found.joined
    assert list(seen.values()) == [1, 2, 5, 5, 10]
    came = enter(OPEN, [], LearnerId(1), "One", 0, by_answer=True)
    assert isinstance(came, Player)
    assert came.joined == OPEN.number, "who comes by an answer plays the round that runs"
    for phase in (Phase.POSED, Phase.OPEN, Phase.SHOWN):
        assert enter(replace(OPEN, phase=phase, number=10), [], LearnerId(1), "One", 0) is No.LAST
    assert enter(end(OPEN, Ending.PLAYED, NOW), [], LearnerId(1), "One", 0) is No.OVER
    assert enter(OPEN, [player(1)], LearnerId(1), "One", 0) is No.IN
    daily = replace(OPEN, kind=Kind.DAILY, number=1, rules=Rules(rounds=1))
    assert isinstance(enter(daily, [], LearnerId(1), "One", 0, by_answer=True), Player), (
        "open for hours to whoever comes"
    )


def test_who_comes_late_into_sudden_death_plays_beside_it() -> None:
    game = battle(Mode.SUDDEN, number=1, phase=Phase.OPEN)
    first = enter(game, [], LearnerId(1), "One", 0, by_answer=True)
    assert isinstance(first, Player)
    assert first.out is None, "the first question can still be answered"
    assert entered(replace(game, phase=Phase.SHOWN), [], 1).out == entered(replace(game, number=2), [], 1).out == 0


def test_who_comes_back_keeps_all_and_plays_on() -> None:
    left = player(1, joined=2, gone=3, points=300, right=3, answers=4, streak=2, took_s=20.0, idle=1)
    assert entered(replace(OPEN, number=4), [left], 1) == replace(left, gone=None, idle=0), "nothing missed"
    assert entered(replace(OPEN, number=7), [left], 1) == replace(left, gone=None, idle=0, joined=8)


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=30))
def test_newcomers_go_to_the_smallest_team(steps: list[tuple[int, bool]]) -> None:
    crowd: dict[int, Player] = {}
    for learner, is_coming in steps:
        others = [one.team for one in crowd.values() if one.gone is None and one.learner != learner]
        sizes = [others.count(team) for team in range(3)]
        here = learner in crowd and crowd[learner].gone is None
        if is_coming and not here:
            crowd[learner] = entered(TEAMS, list(crowd.values()), learner, team=2)  # nobody chooses here
            assert sizes[crowd[learner].team] == min(sizes)
        elif here and not is_coming:
            crowd[learner] = replace(crowd[learner], gone=0)


def test_where_teams_are_chosen_one_can_change_in_the_lobby_and_not_after_it() -> None:
    one = entered(PICKED, [], 1, team=2)
    assert one.team == 2
    assert entered(PICKED, [one], 1, team=1) == replace(one, team=1)
    assert enter(PICKED, [one], LearnerId(1), "One", 0, 2) is enter(PICKED, [one], LearnerId(1), "One", 0) is No.IN
    assert enter(pose(PICKED, NOW), [one], LearnerId(1), "One", 0, 1) is No.IN
    assert entered(PICKED, [one], 2, team=7).team == 0, "no such team: the smallest"


def test_a_battle_begins_once_and_not_alone() -> None:
    assert begin(battle(), []) is begin(battle(), [player(1, gone=0)]) is No.ALONE
    assert begin(battle(), [player(1)]) is None
    assert begin(pose(battle(), NOW), [player(1)]) is No.STARTED
    assert begin(end(battle(), Ending.EMPTY, NOW), [player(1)]) is No.OVER


def test_a_question_follows_the_lobby_and_a_result_and_nothing_else() -> None:
    game = pose(battle(code="ABCD"), after(1))
    assert (game.phase, game.number, game.since, game.code) == (Phase.POSED, 1, after(1), None)
    for phase in (Phase.POSED, Phase.OPEN, Phase.OVER):
        with pytest.raises(AssertionError):
            pose(replace(game, phase=phase), NOW)


def test_a_battle_ends_with_its_last_round_in_silence_or_with_one_left() -> None:
    both, shown = [player(1), player(2)], replace(OPEN, phase=Phase.SHOWN)
    assert is_over(shown, both) is None
    assert is_over(replace(shown, number=10), both) is Ending.PLAYED
    assert [is_over(replace(shown, silent=n), both) for n in (2, 3)] == [None, Ending.SILENT]
    assert is_over(replace(shown, number=10, silent=3), both) is Ending.PLAYED
    sudden = replace(shown, rules=Rules(mode=Mode.SUDDEN))
    assert is_over(sudden, both) is is_over(sudden, both[:1]) is is_over(sudden, [*both, player(3, out=2)]) is None
    assert is_over(sudden, [player(1), player(2, out=3)]) is Ending.PLAYED
    assert is_over(sudden, [player(1), player(2, gone=2)]) is Ending.PLAYED
    assert is_over(sudden, [player(1), player(2, out=0)]) is None, "who plays beside it is no rival"
