"""Takes answers in a battle: a tap on a lettered button, a vote in a platform's poll."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.incoming import Incoming
from bot.chat.intent import Vote
from bot.domain import battle as battles
from bot.domain.battle import Battle, Hall, Kind, No, Phase, Player, Round, Struck
from bot.domain.booking import Room
from bot.domain.bulletin import What, read
from bot.domain.ids import BattleId
from bot.domain.learner import Learner
from bot.ports import Turn
from bot.usecases.fought import Noted, Refused, Told
from bot.usecases.gather import called
from bot.usecases.referee import entry_of, refresh_lobby

Result = Noted | Refused


def strike(
    turn: Turn, learner: Learner, incoming: Incoming, battle_id: BattleId, room: Room, number: int, place: int
) -> Result:
    """Takes a tap on an option; whoever does not play yet joins by it."""
    one, player = _found(turn, learner, battle_id, number)
    hall = one.hall_of(room) if one else None
    if one is None or hall is None:
        return Refused(No.GONE)
    return _take(turn, learner, incoming, one, hall, player, number, [place])


def vote(turn: Turn, learner: Learner, incoming: Incoming, poll: str, places: Sequence[int]) -> Result:
    """Takes a vote: all of its options at once."""
    push = turn.work.post_of_poll(incoming.person.platform, poll)
    if push is None or push.battle is None or not places:
        return Refused(No.GONE)
    what, number, at = read(push)
    one, player = _found(turn, learner, push.battle, number)
    if one is None:
        return Refused(No.GONE)
    hall = next((hall for hall in one.present if hall.place == at), None)
    if what is not What.ROUND or hall is None:
        return Refused(No.GONE)
    return _take(turn, learner, incoming, one, hall, player, number, places)


def _found(turn: Turn, learner: Learner, battle_id: BattleId, number: int) -> tuple[Battle | None, Player | None]:
    """The battle, held against changes, and its player; locked for who will come into it by this answer.

    To lock it later would have two who come at once wait for each other.
    """
    player = turn.work.player(battle_id, learner.id)
    if player is None or _comes_in(player, number):
        return turn.work.battle(battle_id), player
    return turn.work.battle_as_is(battle_id), player


def _take(
    turn: Turn,
    learner: Learner,
    incoming: Incoming,
    one: Battle,
    hall: Hall,
    player: Player | None,
    number: int,
    places: Sequence[int],
) -> Result:
    if one.phase is Phase.OVER:
        return Refused(No.LATE if one.kind is Kind.DAILY else No.OVER)
    asked = turn.work.round(one.id, number) if 1 <= number <= one.number else None
    if asked is None:
        return Refused(No.GONE)
    found = entry_of(turn, one, asked)
    if found is None or not all(0 <= place < len(asked.order) for place in places):
        return Refused(No.GONE)
    if player is None or _comes_in(player, number):
        is_open = number == one.number and one.phase in (Phase.POSED, Phase.OPEN)
        if not is_open or not asked.takes(hall.place, turn.now):
            return Refused(No.LATE)
        entered = _enter(turn, learner, incoming, one, hall)
        if isinstance(entered, No):
            return Refused(entered)
        player = entered
    elif player.hall != hall.place:
        return Refused(No.ELSEWHERE)
    before = turn.work.struck(one.id, number, learner.id)
    wanted = len(found[1].keys)
    if before and before.key == incoming.key:  # the same tap, brought again: it takes nothing back
        return _noted(asked, before, frozenset(), wanted)
    options = [asked.order[place] for place in places]
    is_vote = isinstance(incoming.intent, Vote)
    struck = battles.strike(one, asked, player, before, options, turn.now, wanted=wanted, is_vote=is_vote)
    stands = before.chosen if before else frozenset()
    if isinstance(struck, No):
        return Refused(struck, _places(asked.order, stands))
    turn.work.keep_struck(one.id, number, replace(struck, key=incoming.key))
    return _noted(asked, struck, stands, wanted)


def _noted(asked: Round, struck: Struck, before: frozenset[int], wanted: int) -> Noted:
    """What a tap did: it locked the answer, added to it, or took something back."""
    shown = _places(asked.order, struck.chosen)
    if struck.is_locked:
        return Noted(Told.LOCKED, shown)
    if gone := before - struck.chosen:
        return Noted(Told.CLEARED, _places(asked.order, gone), wanted - len(struck.chosen))
    return Noted(Told.MARKED, shown, wanted - len(struck.chosen))


def _comes_in(player: Player, number: int) -> bool:
    """Whether somebody comes into a round by answering in it."""
    return player.gone is not None or player.joined > number


def _enter(turn: Turn, learner: Learner, incoming: Incoming, one: Battle, hall: Hall) -> Player | No:
    """Joins in the middle of a battle, which is locked."""
    players = turn.work.players(one.id)
    player = battles.enter(one, players, learner.id, called(incoming.name), hall.place, by_answer=True)
    if isinstance(player, No):
        return player
    turn.work.keep_players(one.id, [player])
    refresh_lobby(turn, one, hall)
    return player


def _places(order: Sequence[int], options: frozenset[int]) -> tuple[int, ...]:
    return tuple(place for place, option in enumerate(order) if option in options)
