"""What an answer in a battle is worth, who leads, and which team."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.domain.battle import Battle, Mode, Phase, Player, Round, Rules, Struck
from bot.domain.ids import LearnerId
from bot.domain.item import MultipleResponse, SingleChoice

RIGHT, RACE_RIGHT = 100, 1000
RASH_S = 2.0  # a wrong answer this soon was no reading
RASH, RACE_RASH = -50, -250
STREAK, MOST_STREAK = 100, 5  # race: points for each right answer before this one in a row, up to so many


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one answer."""

    learner: LearnerId
    is_right: bool
    is_rash: bool  # wrong, and too soon to have been read
    took_s: float
    points: int


@dataclass(frozen=True, slots=True)
class Graded:
    """A round closed: the battle and its players after it, and the mark of each answer."""

    battle: Battle
    players: tuple[Player, ...]
    marks: Mapping[LearnerId, Mark]


@dataclass(frozen=True, slots=True)
class Standing:
    """A player's place; who is equal in all that counts shares it."""

    rank: int  # from 1
    player: Player


def mark(rules: Rules, round_: Round, player: Player, struck: Struck, keys: frozenset[int]) -> Mark:
    """The mark of a locked answer.

    Source: race points are Kahoot's, round((1 - t/T/2) x 1000); t begins after the time to read.
    """
    is_right = struck.chosen == keys
    took_s = round_.took_s(player.hall, struck.at)
    is_rash = not is_right and took_s < RASH_S
    is_race = rules.mode is Mode.RACE
    if is_right and is_race:
        beyond_s = max(0.0, took_s - round_.reading_s)
        points = round((1 - beyond_s / round_.answer_s / 2) * RACE_RIGHT) + STREAK * min(player.streak, MOST_STREAK)
    elif is_right:
        points = RIGHT
    else:
        points = (RACE_RASH if is_race else RASH) if is_rash else 0
    if player.out is not None or not player.is_in(round_.number):
        points = 0
    return Mark(player.learner, is_right, is_rash, took_s, points)


def close(
    battle: Battle,
    round_: Round,
    item: SingleChoice | MultipleResponse,
    players: Sequence[Player],
    answers: Iterable[Struck],
) -> Graded:
    """Grades a round. The order of the answers is of no matter, only their times are.

    What is not locked is no answer. A team's round is the mean over its members for whom the round counts. A round
    that is closed already stays as it is.
    """
    if battle.phase in (Phase.SHOWN, Phase.OVER):
        return Graded(battle, tuple(players), {})
    of_players = {player.learner: player for player in players}
    marks = {
        one.learner: mark(battle.rules, round_, of_players[one.learner], one, item.keys)
        for one in answers
        if one.is_locked and one.learner in of_players
    }
    after = tuple(_after(player, marks.get(player.learner), round_.number) for player in players)
    if battle.rules.mode is Mode.SUDDEN:
        after = _fallen(after, marks, round_.number)
    present = [one for one in players if one.is_present(round_.number, has_answered=one.learner in marks)]
    right = sum(marks[one.learner].is_right for one in present if one.learner in marks)
    graded = replace(
        battle,
        phase=Phase.SHOWN,
        silent=0 if marks else battle.silent + 1,
        totals=_totals(battle, present, marks),
        share=battle.share + (right / len(present) if present else 0.0),
    )
    return Graded(graded, after, marks)


def team_of(battle: Battle, player: Player) -> int:
    """The team somebody plays for: their room's where rooms meet, else their own."""
    return player.hall if len(battle.halls) > 1 else player.team


def teams_of(battle: Battle) -> int:
    """How many teams there are."""
    return len(battle.halls) if len(battle.halls) > 1 else battle.rules.teams


def standings(players: Iterable[Player]) -> list[Standing]:
    """Who played by points, then right answers, then speed, in order; in sudden death who lasted longer first."""
    ranked = sorted((player for player in players if player.answers or player.gone is None), key=_rank)
    found: list[Standing] = []
    for _, equals in groupby(ranked, key=_merit):
        group = list(equals)
        found += [Standing(len(found) + 1, player) for player in group]
    return found


def _merit(player: Player) -> tuple[float, ...]:
    lasted = 0.0 if player.out is None else 1.0 / (1 + player.out) if player.out else 2.0
    speed = round(player.took_s / player.right, 3) if player.right else 0.0
    return (lasted, -player.points, -player.right, speed)


def _rank(player: Player) -> tuple[object, ...]:
    return (*_merit(player), player.is_ghost, player.name, player.learner)


def _after(player: Player, got: Mark | None, number: int) -> Player:
    if not player.is_in(number):
        return replace(player, streak=0)
    if player.out is not None:  # plays on for their own memory
        return player
    if got is None:
        return replace(player, streak=0, idle=player.idle + 1)
    return replace(
        player,
        points=player.points + got.points,
        right=player.right + got.is_right,
        answers=player.answers + 1,
        streak=player.streak + 1 if got.is_right else 0,
        took_s=player.took_s + (got.took_s if got.is_right else 0.0),
        idle=0,
    )


def _fallen(players: Sequence[Player], marks: Mapping[LearnerId, Mark], number: int) -> tuple[Player, ...]:
    """Sudden death: who was not right is out, unless nobody was; who was not there is."""
    away = {one.learner for one in players if one.out is None and one.gone is not None and one.gone < number}
    players = [replace(one, out=number) if one.learner in away else one for one in players]
    alive = [player for player in players if player.out is None and player.is_in(number)]
    right = {player.learner for player in alive if player.learner in marks and marks[player.learner].is_right}
    if not right:
        return tuple(players)
    fallen = {player.learner for player in alive} - right
    return tuple(replace(player, out=number) if player.learner in fallen else player for player in players)


def _totals(battle: Battle, present: Sequence[Player], marks: Mapping[LearnerId, Mark]) -> tuple[float, ...]:
    totals = list(battle.totals) + [0.0] * (teams_of(battle) - len(battle.totals))
    for team in range(len(totals)):
        points = [
            marks[player.learner].points if player.learner in marks else 0
            for player in present
            if team_of(battle, player) == team
        ]
        totals[team] += sum(points) / len(points) if points else 0.0
    return tuple(totals)
