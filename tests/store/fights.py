"""Battles that the store's tests keep and read back."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bot.domain.battle import Battle, Hall, Player, Round, Rules, Struck
from bot.domain.booking import Room
from bot.domain.bulletin import What, bulletin, edit_of
from bot.domain.ids import BattleId, ConceptId, ItemId, LearnerId
from bot.domain.learner import Learner
from bot.domain.remind import Push
from bot.domain.score import Mark
from bot.ports import Work
from bot.store.database import Database
from tests.store.samples import CONCEPT, DOMAIN, NOW, PACK

ROOM, OTHER_ROOM = Room("telegram", "-100"), Room("discord", "c7")
HOST = LearnerId(1)


def hall(place: int = 0, room: Room = ROOM, spot: str | None = None, **more: Any) -> Hall:
    return Hall(place, room, spot or room.chat, "en", **more)


def battle(host: LearnerId = HOST, halls: Iterable[Hall] = (), **more: Any) -> Battle:
    return Battle(BattleId(0), PACK, host, more.pop("rules", Rules()), tuple(halls) or (hall(),), NOW, **more)


def opened(database: Database, key: str = "key", new: Battle | None = None) -> Battle:
    """A battle, begun by an event of its own."""
    with database.begin() as work:
        made = work.open_battle(new or battle(), key, NOW, NOW + timedelta(minutes=15))
    assert made is not None
    return made


def player(learner: Learner | int, name: str = "", **more: Any) -> Player:
    who = learner.id if isinstance(learner, Learner) else LearnerId(learner)
    return Player(who, name or f"Player {who}", **more)


def round_of(number: int = 1, item: str = "an-item", concept: ConceptId = CONCEPT, **more: Any) -> Round:
    return Round(
        number=number,
        item=ItemId(item),
        concept=concept,
        domain=more.pop("domain", DOMAIN),
        version="0123456789ab",
        order=(2, 0, 3, 1),
        reading_s=12,
        answer_s=20,
        posed_at=NOW,
        **more,
    )


def struck(learner: Learner | int, *chosen: int, is_locked: bool = True, **more: Any) -> Struck:
    who = learner.id if isinstance(learner, Learner) else LearnerId(learner)
    return Struck(who, frozenset(chosen), more.pop("at", NOW), is_locked, **more)


def answers(
    work: Work, one: BattleId, learner: Learner, *rights: bool, took_s: float = 5.0, first: int = 1, **more: Any
) -> None:
    """Answers of one player, round by round, graded."""
    for number, is_right in enumerate(rights, first):
        work.keep_struck(one, number, struck(learner, 1, **more))
        work.keep_marks(one, number, {learner.id: Mark(learner.id, is_right, False, took_s, 100 * is_right)})


def played(
    database: Database, key: str, *players: Player, new: Battle | None = None, rounds: int = 2, counts: bool = True
) -> Battle:
    """A battle that is over, with its rounds and players but no answers."""
    made = opened(database, key, new)
    with database.begin() as work:
        work.keep_players(made.id, players)
        for number in range(1, rounds + 1):
            work.keep_round(made.id, round_of(number))
        work.free_halls(made.id, NOW, counts=counts)
    return made


def post(one: Battle, what: What = What.LOBBY, number: int = 0, place: int = 0) -> Push:
    return bulletin(one, one.halls[place], what, NOW, number)


def edit(one: Battle, what: What = What.LOBBY, number: int = 0) -> Push:
    return edit_of(post(one, what, number))
