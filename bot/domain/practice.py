"""Practice: sessions and asks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import AskId, ConceptId, ItemId, LearnerId, PackId, SessionId

SIZE_RANGE = (1, 50)
DEFAULT_SIZE = 10
PUSH_SIZE = 3


class SessionKind(StrEnum):
    """What a session draws from."""

    QUIZ = "quiz"  # due first, then new
    REVIEW = "review"  # due only
    DAILY = "daily"  # as quiz, opened by a push
    SET = "set"  # a timed set over all domains, as the exam weighs them
    WEAK = "weak"  # what was met, the weakest first
    MISSED = "missed"  # what was answered wrong last
    RECAP = "recap"  # what is due or was met, nothing new
    BATTLE = "battle"  # a group's game; its asks are closed when they are kept
    CARDS = "cards"  # flashcards; its asks are of cards, and have no options


@dataclass(frozen=True, slots=True)
class Session:
    """A run of asks that the learner began, or a push began for them."""

    id: SessionId
    learner: LearnerId
    pack: PackId
    kind: SessionKind
    scope: str  # a domain, task or topic id; "" = the whole pack
    size: int  # asks
    opened_at: datetime


class AskState(StrEnum):
    """How far an ask has come."""

    OPEN = "open"
    PICKED = "picked"  # the answer is locked; how sure is still to be said
    CLOSED = "closed"  # graded


@dataclass(frozen=True, slots=True)
class Ask:
    """One asking of one item to one learner."""

    id: AskId
    session: SessionId
    learner: LearnerId
    item: ItemId
    concept: ConceptId
    version: str  # of the item, when it was asked
    order: tuple[int, ...]  # place shown -> option index in the pack
    number: int  # in the session, from 1
    state: AskState
    marked: frozenset[int]  # option indices chosen
    asked_at: datetime
    picked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewAsk:
    """An ask before the store has given it an id."""

    session: SessionId
    learner: LearnerId
    item: ItemId
    concept: ConceptId
    version: str
    order: tuple[int, ...]
    number: int
    asked_at: datetime
    follows: AskId | None  # the ask whose Next brought it; has at most one follower
