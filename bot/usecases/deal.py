"""Deals flashcards: the front, the back, what the learner says of themselves, the next card."""

from collections.abc import Sequence

from bot.domain.deck import DECK, HAND, KNEW, TURNED, choose_card, in_deck, recalled
from bot.domain.ids import AskId, CardId, ConceptId, ItemId
from bot.domain.learner import Learner
from bot.domain.pack import CardEntry
from bot.domain.practice import Ask, AskState, NewAsk, Session, SessionKind
from bot.ports import Turn
from bot.usecases.outcome import Dealt, EmptyScope, HandPlayed, Hitch, Hitched, NoSuchScope, Offer, Outcome
from bot.usecases.practice import settle
from bot.usecases.scope import find_scope, title_of

ANY_VERSION = ""  # a card is shown as the pack has it now, whatever it said when it was dealt


def deal(turn: Turn, learner: Learner, scope: str, key: str) -> Outcome:
    """The first card of a new session on a domain or topic, or on all of the deck; the same event opens one."""
    settle(turn, learner)
    pack = turn.pack(learner)
    found = find_scope(pack, scope)
    if isinstance(found, NoSuchScope):
        return NoSuchScope(found.given, found.near, Offer.CARDS)
    cards = in_deck(pack, found)
    if not cards:
        return EmptyScope(title_of(pack, found) if found else "", Offer.CARDS)
    session, _ = turn.work.open_session(learner, SessionKind.CARDS, found, min(HAND, len(cards)), key, turn.now)
    return _stand(turn, learner, session) or _next(turn, learner, session, None)


def flip(turn: Turn, learner: Learner, ask_id: AskId) -> Outcome:
    """The back of a card; as often as it is asked for."""
    found = _open(turn, learner, ask_id)
    if not isinstance(found, tuple):
        return found
    ask, session, entry = found
    if TURNED not in ask.marked:
        ask = turn.work.change(ask, AskState.OPEN, frozenset({TURNED}), turn.now)
    return Dealt(ask, session, entry)


def recall(turn: Turn, learner: Learner, ask_id: AskId, *, knew: bool) -> Outcome:
    """Remembers whether the learner knew the card, and deals the next or ends the session."""
    found = _open(turn, learner, ask_id)
    if not isinstance(found, tuple):
        return found
    ask, session, _ = found
    if TURNED not in ask.marked:
        return Hitched(Hitch.BEHIND)
    card, work = ConceptId(ask.item), turn.work
    after = recalled(work.memory(learner.id, session.pack, card), turn.now, knew=knew)
    work.remember(learner.id, session.pack, card, DECK, after)
    closed = work.change(ask, AskState.CLOSED, ask.marked | {KNEW} if knew else ask.marked)
    return _next(turn, learner, session, closed)


def _open(turn: Turn, learner: Learner, ask_id: AskId) -> tuple[Ask, Session, CardEntry] | Hitched:
    """The ask with its card if it waits for an answer, else what to say or to show."""
    found = turn.work.find_ask(ask_id)
    if found is None or found[1].kind is not SessionKind.CARDS:
        return Hitched(Hitch.GONE)
    ask, session = found
    if ask.learner != learner.id:
        return Hitched(Hitch.NOT_YOURS)
    if ask.state is AskState.CLOSED:
        return Hitched(Hitch.ANSWERED, stands=_stand(turn, learner, session))
    entry = turn.pack_of(session.pack, learner).deck.get(CardId(ask.item))
    return (ask, session, entry) if entry else Hitched(Hitch.GONE)


def _stand(turn: Turn, learner: Learner, session: Session) -> Dealt | HandPlayed | None:
    """Where a session stands; None if no card was dealt yet, or the one on the table has left the pack."""
    asks = turn.work.asks(session.id)
    if not asks:
        return None
    if asks[-1].state is AskState.CLOSED:
        return _played(turn, learner, session, asks)
    entry = turn.pack_of(session.pack, learner).deck.get(CardId(asks[-1].item))
    return Dealt(asks[-1], session, entry) if entry else None


def _next(turn: Turn, learner: Learner, session: Session, after: Ask | None) -> Dealt | HandPlayed:
    """Deals the next card of a session, or ends it."""
    work, pack = turn.work, turn.pack_of(session.pack, learner)
    asks = work.asks(session.id)
    if len(asks) >= session.size:
        return _played(turn, learner, session, asks)
    known, met = work.cards(learner.id, pack.id), work.met(learner.id, pack.id)
    dealt = {ask.item for ask in asks}
    card = choose_card(pack, session.scope, known, met, turn.now, turn.rng, dealt)
    ask = card and work.pose(
        NewAsk(
            session=session.id,
            learner=learner.id,
            item=ItemId(card),
            concept=ConceptId(card),
            version=ANY_VERSION,
            order=(),
            number=len(asks) + 1,
            asked_at=turn.now,
            follows=after.id if after else None,
        )
    )
    return Dealt(ask, session, pack.deck[card]) if card and ask else _played(turn, learner, session, asks)


def _played(turn: Turn, learner: Learner, session: Session, asks: Sequence[Ask]) -> HandPlayed:
    pack = turn.pack_of(session.pack, learner)
    known, wanted = turn.work.cards(learner.id, pack.id), in_deck(pack, session.scope)
    due = [known[card].due_at for card in wanted if card in known]
    closed = [ask for ask in asks if ask.state is AskState.CLOSED]
    return HandPlayed(
        session=session,
        known=sum(KNEW in ask.marked for ask in closed),
        cards=len(closed),
        due_now=sum(at <= turn.now for at in due),
        next_due=min(due, default=None),
        now=turn.now,
    )
