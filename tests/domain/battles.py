"""Battles, rounds, players and answers made in a line, for tests of the domain."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.battle import Battle, Hall, Mode, Phase, Player, Round, Rules, Struck
from bot.domain.booking import Room
from bot.domain.ids import BattleId, ConceptId, DomainId, ItemId, LearnerId, PackId
from bot.domain.score import Graded, close
from tests.domain.items import multiple, single

NOW = datetime(2026, 6, 1, 18, tzinfo=UTC)
READING, ANSWERING = 10, 20  # seconds of every round here
KEY, ITEM = 0, single(key=0)
KEYS, PAIRED = (0, 2), multiple()


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def hall(place: int = 0, **more: Any) -> Hall:
    return Hall(place, Room("telegram", f"-{place}"), f"-{place}", **more)


def battle(mode: Mode = Mode.STUDY, *, halls: int = 1, rules: Mapping[str, Any] | None = None, **more: Any) -> Battle:
    chosen = Rules(mode=mode, **(rules or {}))
    return Battle(BattleId(1), PackId("good"), LearnerId(1), chosen, tuple(map(hall, range(halls))), NOW, **more)


def round_of(number: int = 1, opened: Mapping[int, datetime] | None = None, posed_at: datetime = NOW) -> Round:
    """A question that every room has had from `NOW` on, unless told otherwise."""
    return Round(
        number,
        ItemId("single-1"),
        ConceptId("one"),
        DomainId("data"),
        "v",
        (3, 1, 0, 2),
        READING,
        ANSWERING,
        posed_at,
        dict.fromkeys(range(4), NOW) if opened is None else opened,
    )


def player(learner: int, **more: Any) -> Player:
    return Player(LearnerId(learner), f"Player {learner}", **more)


def struck(learner: int, *chosen: int, at_s: float = 15, is_locked: bool = True) -> Struck:
    return Struck(LearnerId(learner), frozenset(chosen), after(at_s), is_locked)


def right(learner: int, at_s: float = 15) -> Struck:
    return struck(learner, KEY, at_s=at_s)


def wrong(learner: int, at_s: float = 15) -> Struck:
    return struck(learner, KEY + 1, at_s=at_s)


def play(game: Battle, players: Iterable[Player], *rounds: Iterable[Struck]) -> Graded:
    """What stands after so many rounds in which these answers were given."""
    graded = Graded(game, tuple(players), {})
    for number, answers in enumerate(rounds, game.number + 1):
        graded = close(
            replace(graded.battle, number=number, phase=Phase.OPEN), round_of(number), ITEM, graded.players, answers
        )
    return graded
