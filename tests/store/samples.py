"""Values that the store's tests keep and read back."""

from datetime import UTC, datetime, timedelta

from bot.chat.incoming import Person, Place
from bot.domain.answer import Confidence
from bot.domain.ids import AskId, ConceptId, DomainId, ItemId, LearnerId, PackId
from bot.domain.learner import Learner
from bot.domain.memory import Memory
from bot.domain.practice import Ask, NewAsk, Session, SessionKind
from bot.domain.remind import DAILY, DAILY_PRIORITY, Push
from bot.ports import Attempt, Work
from bot.store.database import Database

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
PACK = PackId("mls-c01")
CONCEPT = ConceptId("a-concept")
DOMAIN = DomainId("modeling")


def person(account: str = "1", platform: str = "telegram") -> Person:
    return Person(platform, account)


def enrolled(database: Database, account: str = "1", platform: str = "telegram") -> Learner:
    with database.begin() as work:
        return work.enroll(person(account, platform), Place(f"chat-{account}"), PACK, "en", NOW)


def opened(work: Work, learner: Learner, key: str = "key", kind: SessionKind = SessionKind.QUIZ) -> Session:
    return work.open_session(learner, kind, "", 10, key, NOW)[0]


def new_ask(learner: Learner, session: Session, *, follows: AskId | None = None, item: str = "an-item") -> NewAsk:
    return NewAsk(
        session=session.id,
        learner=learner.id,
        item=ItemId(item),
        concept=CONCEPT,
        version="0123456789ab",
        order=(2, 0, 3, 1),
        number=1,
        asked_at=NOW,
        follows=follows,
    )


def posed(work: Work, learner: Learner, *, key: str = "key", item: str = "an-item") -> Ask:
    ask = work.pose(new_ask(learner, opened(work, learner, key), item=item))
    assert ask is not None
    return ask


def attempt(ask: Ask, *, is_right: bool = True, at: datetime = NOW, domain: DomainId = DOMAIN) -> Attempt:
    return Attempt(
        ask=ask.id,
        learner=ask.learner,
        pack=PACK,
        item=ask.item,
        concept=ask.concept,
        domain=domain,
        chosen=frozenset({3, 1}),
        is_right=is_right,
        confidence=Confidence.LEANING,
        took_s=12.5,
        answered_at=at,
    )


def memory(*, right: bool = True) -> Memory:
    return Memory(stability=3.25, difficulty=5.5, reviewed_at=NOW, seen=1, right=int(right), first_right=right)


def push(learner: LearnerId, day: str = "2026-11-23", *, priority: int = DAILY_PRIORITY, at: datetime = NOW) -> Push:
    return Push(
        key=f"{DAILY}:{learner}:{day}",
        kind=DAILY,
        learner=learner,
        platform="telegram",
        chat=f"chat-{learner}",
        priority=priority,
        due_at=at,
        expires_at=at + timedelta(hours=4),
    )
