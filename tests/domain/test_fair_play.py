"""What somebody could gain, or lose, by leaving, coming back or changing rooms: nothing, in the end."""

from dataclasses import replace

import pytest

from bot.domain.battle import Battle, Mode, No, Phase, Player, enter, is_over, leave
from bot.domain.ids import LearnerId
from bot.domain.score import close, standings
from tests.domain.battles import ITEM, NOW, battle, play, player, right, round_of, wrong

ONE, TWO = LearnerId(1), LearnerId(2)


def at(game: Battle, phase: Phase) -> Battle:
    return replace(game, phase=phase)


def gone(game: Battle, one: Player, *, has_answered: bool = False) -> Player:
    left = leave(game, one, has_answered=has_answered)
    assert isinstance(left, Player)
    return left


def back(game: Battle, crowd: list[Player], one: Player, hall: int = 0, team: int | None = None) -> Player:
    found = enter(game, crowd, one.learner, one.name, hall, team)
    assert isinstance(found, Player)
    return found


def test_leaving_keeps_what_one_has_and_moves_no_mean_of_those_who_stay() -> None:
    got = play(battle(Mode.TEAMS), [player(1), player(2)], [right(1)])
    left = gone(at(got.battle, Phase.SHOWN), got.players[1])
    assert replace(left, gone=None) == got.players[1]
    assert play(got.battle, [got.players[0], left], [right(1)]).battle.totals[0] == 50 + 100


@pytest.mark.parametrize("phase", [Phase.POSED, Phase.OPEN])
def test_a_question_that_one_leaves_unanswered_weighs_on_nobody(phase: Phase) -> None:
    game = battle(Mode.TEAMS, number=2, phase=phase)
    left = gone(game, player(2, points=100, streak=1))
    got = close(game, round_of(2), ITEM, [player(1), left], [right(1)])
    assert (got.battle.totals[0], got.battle.share, got.players[1]) == (100, 1, replace(left, streak=0))


@pytest.mark.parametrize("phase", [Phase.LOBBY, Phase.POSED, Phase.OPEN, Phase.SHOWN])
def test_who_left_and_comes_back_before_the_next_question_has_lost_nothing(phase: Phase) -> None:
    game = battle(number=0 if phase is Phase.LOBBY else 4, phase=phase)
    one = player(1, points=300, right=3, answers=4, streak=3)
    left = gone(game, one)
    assert back(game, [left], left) == one


def test_in_sudden_death_who_left_is_behind_who_lasted_longer() -> None:
    left, lasted = player(1, gone=1, points=100, right=1, answers=1), player(2, points=100, right=1, answers=1)
    game = battle(Mode.SUDDEN, number=2, phase=Phase.OPEN)
    players = close(game, round_of(2), ITEM, [left, lasted, player(3)], [right(2)]).players
    assert [one.player.learner for one in standings(players)] == [TWO, ONE, LearnerId(3)]


def test_in_sudden_death_nobody_passes_a_question_by_leaving_for_it() -> None:
    game = battle(Mode.SUDDEN, number=2, phase=Phase.OPEN)
    one = gone(game, player(1))
    got = close(game, round_of(2), ITEM, [one, player(2)], [right(2)])
    assert back(at(got.battle, Phase.SHOWN), list(got.players), got.players[0]).out is not None


def test_a_streak_does_not_outlive_a_question_that_one_left_for() -> None:
    game = battle(Mode.RACE, number=6, phase=Phase.OPEN)
    got = close(game, round_of(6), ITEM, [gone(game, player(1, streak=5))], [])
    assert back(at(got.battle, Phase.SHOWN), list(got.players), got.players[0]).streak == 0


def test_a_rash_answer_costs_though_one_leaves_after_it() -> None:
    game = battle(number=2, phase=Phase.OPEN)
    (one,) = close(game, round_of(2), ITEM, [gone(game, player(1), has_answered=True)], [wrong(1, at_s=1)]).players
    assert one.points == -50


def test_nobody_changes_rooms_once_a_battle_has_begun() -> None:
    game = battle(Mode.RACE, halls=2, number=1, phase=Phase.OPEN)
    left = gone(game, player(1, hall=0))
    assert enter(game, [left], ONE, left.name, 1) is No.ELSEWHERE


def test_an_answer_in_a_room_that_was_never_acknowledged_is_not_the_fastest() -> None:
    game = battle(Mode.RACE, halls=2, number=1, phase=Phase.OPEN)
    crowd = [player(1, hall=0), player(2, hall=1)]
    marks = close(game, round_of(opened={0: NOW}), ITEM, crowd, [right(1, 15), right(2, 25)]).marks
    assert marks[TWO].points <= marks[ONE].points


def test_nobody_goes_over_to_the_leading_team_by_coming_back() -> None:
    game = battle(Mode.TEAMS, rules={"picks_team": True}, number=8, phase=Phase.SHOWN, totals=(100.0, 700.0))
    one = gone(game, player(1, team=0))
    assert back(game, [one], one, team=1).team == 0


def test_who_comes_back_is_in_the_team_they_left() -> None:
    game = battle(Mode.TEAMS, number=3, phase=Phase.OPEN)
    one = gone(game, player(2, team=1))
    crowd = [player(1, team=1), one, player(3, team=0, gone=1)]
    assert back(game, crowd, one).team == 1


def test_alone_in_sudden_death_one_plays_on_though_another_left_the_lobby() -> None:
    game = battle(Mode.SUDDEN, number=1, phase=Phase.SHOWN)
    crowd = [player(1), gone(battle(Mode.SUDDEN), player(2))]
    assert is_over(game, [player(1)]) is None
    assert is_over(game, crowd) is None


def test_a_round_that_is_closed_twice_scores_once() -> None:
    game = battle(number=1, phase=Phase.OPEN)
    got = close(game, round_of(), ITEM, [player(1)], [right(1)])
    assert got.battle.phase is Phase.SHOWN
    assert close(got.battle, round_of(), ITEM, got.players, [right(1)]).players == got.players
