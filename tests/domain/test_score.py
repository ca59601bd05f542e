"""What an answer is worth, who leads, and which team: examples worked by hand, and promises whatever is answered."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.battle import Battle, Ending, Mode, Player, Struck, is_over
from bot.domain.ids import LearnerId
from bot.domain.score import close, mark, standings, team_of, teams_of
from tests.domain.battles import (
    KEY,
    KEYS,
    NOW,
    PAIRED,
    after,
    battle,
    play,
    player,
    right,
    round_of,
    struck,
    wrong,
)

ONE = LearnerId(1)
PEOPLE = 8

modes = st.sampled_from(Mode)
# Seconds from before the acknowledgement is kept until the last moment that counts.
moments = st.integers(-20, 307).map(lambda tenths: tenths / 10)


@st.composite
def answers(draw: st.DrawFn) -> list[Struck]:
    """At most one answer of each, right or wrong, locked or not."""
    tried = draw(st.sets(st.integers(1, PEOPLE)))
    chosen, locked = st.sampled_from((KEY, KEY, 1, 2)), st.sampled_from((True, True, True, False))
    return [struck(one, draw(chosen), at_s=draw(moments), is_locked=draw(locked)) for one in sorted(tried)]


@st.composite
def crowds(draw: st.DrawFn) -> list[Player]:
    """People in two teams and two rooms, who came late, left, or are out of a sudden death."""
    came, went = st.integers(1, 4), st.none() | st.integers(0, 4)
    return [
        player(
            one,
            hall=draw(st.integers(0, 1)),
            team=draw(st.integers(0, 1)),
            joined=draw(came),
            gone=draw(went),
            out=draw(st.sampled_from((None, None, None, 0, 1))),
            streak=draw(st.integers(0, 9)),
        )
        for one in range(1, PEOPLE + 1)
    ]


games = st.builds(lambda mode, halls: battle(mode, halls=halls), modes, st.integers(1, 2))
rounds = st.lists(answers(), min_size=1, max_size=4)


def worth(mode: Mode, answer: Struck, **more: Any) -> int:
    return mark(battle(mode).rules, round_of(), player(1, **more), answer, frozenset({KEY})).points


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.RACE])
@pytest.mark.parametrize("at_s", [0, 3, 12, 29.9, 30.7])
def test_where_speed_is_not_the_game_a_right_answer_is_worth_100_however_long_it_took(mode: Mode, at_s: float) -> None:
    assert worth(mode, right(1, at_s)) == worth(mode, right(1, at_s), streak=7) == 100


@pytest.mark.parametrize(
    ("at_s", "points"),
    [(0, 1000), (10, 1000), (12, 950), (15, 875), (20, 750), (22.5, 688), (30, 500), (30.7, 500), (-3, 1000)],
)
def test_in_a_race_a_right_answer_loses_half_its_worth_over_the_time_after_reading(at_s: float, points: int) -> None:
    """Ten seconds to read, then twenty to answer: (1 - t/20/2) x 1000."""
    assert worth(Mode.RACE, right(1, at_s)) == points


@pytest.mark.parametrize(("streak", "more"), [(0, 0), (1, 100), (4, 400), (5, 500), (6, 500), (30, 500)])
def test_in_a_race_each_right_answer_before_in_a_row_adds_100_up_to_500(streak: int, more: int) -> None:
    assert worth(Mode.RACE, right(1, 20), streak=streak) == 750 + more


def test_a_streak_ends_with_a_wrong_answer_and_with_none() -> None:
    run = [[right(1, 10)]] * 3
    assert play(battle(Mode.RACE), [player(1)], *run).players[0].points == 1000 + 1100 + 1200
    for broken in ([wrong(1)], [], [struck(1, KEY, is_locked=False)]):
        (one,) = play(battle(Mode.RACE), [player(1)], *run, broken, *run).players
        assert (one.points, one.streak) == (2 * (1000 + 1100 + 1200), 3)


@pytest.mark.parametrize("mode", Mode)
def test_a_wrong_answer_costs_something_within_two_seconds_and_nothing_later(mode: Mode) -> None:
    cost = -250 if mode is Mode.RACE else -50
    assert [worth(mode, wrong(1, at_s)) for at_s in (0, 1.99, 2, 2.01, 15, 30.7)] == [cost, cost, 0, 0, 0, 0]
    assert worth(mode, right(1, 0.5)) > 0, "who is right knew it"
    marks = play(battle(mode), [player(1), player(2), player(3)], [right(1, 1), wrong(2, 1), wrong(3, 2)]).marks
    assert [one.is_rash for one in marks.values()] == [False, True, False]


def test_several_keys_are_all_or_nothing() -> None:
    for chosen in ((0,), (0, 1), (0, 2, 3), ()):
        got = close(battle(), round_of(), PAIRED, [player(1)], [struck(1, *chosen)])
        assert (got.marks[ONE].is_right, got.marks[ONE].points) == (False, 0)
    assert close(battle(), round_of(), PAIRED, [player(1)], [struck(1, *KEYS)]).marks[ONE].points == 100


def test_what_is_not_locked_or_not_of_a_player_is_no_answer() -> None:
    got = play(battle(), [player(1)], [struck(1, KEY, is_locked=False), right(2)])
    assert (got.marks, got.battle.silent, got.players[0].answers, got.players[0].idle) == ({}, 1, 0, 1)
    assert play(got.battle, got.players, [right(1)]).battle.silent == 0


@given(modes, st.floats(-1, 31), st.floats(-1, 31), st.integers(0, 9))
def test_who_is_right_sooner_never_gets_less(mode: Mode, sooner: float, later: float, streak: int) -> None:
    sooner, later = sorted((sooner, later))
    first, second = (worth(mode, right(1, at_s), streak=streak) for at_s in (sooner, later))
    assert first >= second > 0


@given(modes, moments, moments, st.sampled_from((KEY, 1)))
def test_each_room_has_its_own_clock_so_a_slow_platform_costs_nothing(
    mode: Mode, at_s: float, delay: float, chosen: int
) -> None:
    round_ = round_of(opened={0: NOW, 1: after(delay)})
    here, there = struck(1, chosen, at_s=at_s), struck(1, chosen, at_s=at_s + delay)
    rules, keys = battle(mode).rules, frozenset({KEY})
    assert mark(rules, round_, player(1, hall=0), here, keys) == mark(rules, round_, player(1, hall=1), there, keys)


@given(games, crowds(), rounds, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_and_of_the_players_is_of_no_matter(
    game: Battle, crowd: list[Player], given_: list[list[Struck]], lot: Any
) -> None:
    straight = play(game, crowd, *given_)
    mixed = play(game, lot.sample(crowd, len(crowd)), *([*lot.sample(answers, len(answers))] for answers in given_))
    assert mixed.marks == straight.marks
    assert mixed.battle == straight.battle
    assert sorted(mixed.players, key=lambda one: one.learner) == list(straight.players)
    assert standings(mixed.players) == standings(straight.players)


@given(games, crowds(), rounds)
def test_totals_are_the_sums_of_the_rounds_and_a_team_is_the_mean_of_its_members(
    game: Battle, crowd: list[Player], given_: list[list[Struck]]
) -> None:
    points = {one.learner: one.points for one in crowd}
    teams, share = [Fraction(0)] * teams_of(game), Fraction(0)
    got = play(game, crowd)
    for number, answers_ in enumerate(given_, 1):
        before = got.players
        got = play(got.battle, before, answers_)
        playing = [one for one in before if one.is_present(number, has_answered=one.learner in got.marks)]
        for one in got.marks.values():
            points[one.learner] += one.points
        for team in range(len(teams)):
            side = [one.learner for one in playing if team_of(game, one) == team]
            scored = [got.marks[one].points if one in got.marks else 0 for one in side]
            teams[team] += Fraction(sum(scored), len(side) or 1)
        good = sum(one.learner in got.marks and got.marks[one.learner].is_right for one in playing)
        share += Fraction(good, len(playing) or 1)
    assert {one.learner: one.points for one in got.players} == points
    assert got.battle.totals == pytest.approx([float(total) for total in teams])
    assert got.battle.share == pytest.approx(float(share))
    assert 0 <= got.battle.share <= len(given_)


@given(crowds(), rounds)
def test_who_came_later_had_left_or_is_out_scores_nothing_and_moves_no_team(
    crowd: list[Player], given_: list[list[Struck]]
) -> None:
    """Whatever they answer: it is for their own memory."""
    outside = [one for one in crowd if not one.is_in(1) or one.out is not None]
    inside = [one for one in crowd if one not in outside]
    for mode in Mode:
        got, without = play(battle(mode), crowd, given_[0]), play(battle(mode), inside, given_[0])
        assert replace(got.battle, silent=0) == replace(without.battle, silent=0)
        assert all(got.marks[one.learner].points == 0 for one in outside if one.learner in got.marks)
        for one, then in zip(crowd, got.players, strict=True):
            as_it_was = replace(then, out=one.out, streak=one.streak)
            assert one.is_in(1) or as_it_was == one, "nor is anything else counted"


@given(answers(), st.integers(2, 5), modes)
def test_a_team_many_times_as_large_with_the_same_answers_stands_the_same(
    given_: list[Struck], times: int, mode: Mode
) -> None:
    one_side = [player(one, team=0) for one in range(1, PEOPLE + 1)]
    other = [player(one.learner + 100 * n, team=1) for n in range(1, times + 1) for one in one_side]
    echoes = [replace(one, learner=LearnerId(one.learner + 100 * n)) for n in range(1, times + 1) for one in given_]
    small, large = play(battle(mode), [*one_side, *other], [*given_, *echoes]).battle.totals
    assert small == pytest.approx(large)


def test_one_who_knows_beats_five_of_whom_three_know() -> None:
    crowd = [player(1, team=0), *(player(n, team=1) for n in range(2, 7))]
    got = play(battle(Mode.TEAMS), crowd, [right(1), right(2), right(3), right(4), wrong(5)])
    assert got.battle.totals == (100, 60), "who gave no answer counts as one who was wrong"
    got = play(got.battle, [*got.players, player(7, team=0, joined=2)], [right(1), right(2)])
    assert got.battle.totals == (150, 80), "who came late counts from then on"


def test_rooms_that_meet_are_the_teams_whatever_team_somebody_chose() -> None:
    crowd = [player(1, hall=0, team=1), player(2, hall=1, team=1), player(3, hall=2), player(4, hall=2)]
    assert play(battle(halls=3), crowd, [right(1), wrong(2), right(3)]).battle.totals == (100, 0, 50)


def test_all_together_are_measured_by_the_share_of_right_answers() -> None:
    crowd = [player(1), player(2), player(3, joined=2), player(4, gone=1)]
    game = play(battle(Mode.COOP), crowd, [right(1), wrong(2), right(4)], [right(1), right(2), right(4)]).battle
    assert game.share == pytest.approx(2 / 3 + 2 / 3)


def ranks(*players: Player) -> list[tuple[int, int]]:
    return [(one.rank, one.player.learner) for one in standings(players)]


def test_who_is_equal_in_points_right_answers_and_speed_shares_a_place() -> None:
    tied = {"points": 300, "right": 3, "answers": 4, "took_s": 30.0}
    table = (
        player(5, points=250, right=3, answers=4),
        player(4, **tied | {"took_s": 30.9}),
        player(3, **tied),
        player(6, **tied | {"right": 4, "took_s": 90.0}),
        player(2, **tied),
    )
    assert ranks(*table) == ranks(*reversed(table)) == [(1, 6), (2, 2), (2, 3), (4, 4), (5, 5)]


def test_speed_is_the_mean_over_the_right_answers_alone() -> None:
    quick = [[right(1, 10), wrong(2, 5)], [right(1, 20), right(2, 15)], [wrong(1, 29), right(2, 15)]]
    got = play(battle(), [player(1), player(2)], *quick)
    assert ranks(*got.players) == [(1, 1), (1, 2)]


def test_who_left_without_an_answer_is_not_in_the_table_and_who_is_still_here_is() -> None:
    assert ranks(player(1), player(2, gone=3), player(3, gone=3, answers=1)) == [(1, 1), (1, 3)]


@given(games, crowds(), rounds)
def test_a_place_is_one_more_than_how_many_are_ahead(
    game: Battle, crowd: list[Player], given_: list[list[Struck]]
) -> None:
    table = standings(play(game, crowd, *given_).players)
    assert [one.rank for one in table] == sorted(one.rank for one in table)
    for place, one in enumerate(table):
        ahead = [other for other in table[:place] if other.rank < one.rank]
        assert one.rank == 1 + len(ahead)
        of_all = [other.player for other in table if other.player.out is one.player.out is None]
        score = (one.player.points, one.player.right)
        assert sum((other.points, other.right) > score for other in of_all) < one.rank


def test_in_sudden_death_who_misses_is_out_unless_all_miss() -> None:
    crowd = [player(n) for n in range(1, 5)]
    got = play(battle(Mode.SUDDEN), crowd, [right(1), right(2), wrong(3)], [wrong(1), wrong(2), right(3)])
    assert [one.out for one in got.players] == [None, None, 1, 1]
    assert [one.points for one in got.players] == [100, 100, 0, 0]
    got = play(got.battle, got.players, [right(1), wrong(2), right(3)])
    assert [one.out for one in got.players] == [None, 3, 1, 1]
    assert ranks(*got.players) == [(1, 1), (2, 2), (3, 3), (3, 4)], "what is right after the fall counts not"
    assert is_over(got.battle, got.players) is Ending.PLAYED


def test_in_sudden_death_who_lasted_longer_is_ahead_whatever_the_points() -> None:
    table = (player(1, out=3, points=900), player(2, points=50), player(3, out=5), player(4, out=0, points=950))
    assert ranks(*table) == [(1, 2), (2, 3), (3, 1), (4, 4)]


@given(crowds(), st.lists(answers(), min_size=1, max_size=6))
def test_in_sudden_death_somebody_is_always_left_and_nobody_comes_back(
    crowd: list[Player], given_: list[list[Struck]]
) -> None:
    got = play(battle(Mode.SUDDEN), crowd)
    for number, answers_ in enumerate(given_, 1):
        before = got.players
        got = play(got.battle, before, answers_)
        alive = {one.learner for one in before if one.is_in(number) and one.out is None}
        still = {one.learner for one in got.players if one.learner in alive and one.out is None}
        good = {one for one in alive if one in got.marks and got.marks[one].is_right}
        assert still == (good or alive)
        assert all(then.out == one.out for one, then in zip(before, got.players, strict=True) if one.out is not None)
