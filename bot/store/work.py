"""The unit of work on SQLAlchemy Core. Statements are built once; those of every turn are prepared once, too."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.chat.incoming import Person, Place
from bot.domain.answer import Cause, Confidence
from bot.domain.booking import Room
from bot.domain.deck import DECK
from bot.domain.exercise import MARK, family_of
from bot.domain.ids import AskId, CardId, ConceptId, DomainId, ItemId, LearnerId, PackId, SessionId
from bot.domain.learner import Energy, Field, Learner
from bot.domain.memory import Memory
from bot.domain.practice import Ask, AskState, NewAsk, Session, SessionKind
from bot.domain.remind import AGAIN, DAILY, Activity
from bot.domain.selection import Seen, Standing
from bot.ports import Attempt, Tally
from bot.store.battles import SqlBattles
from bot.store.prepared import Statement
from bot.store.statements import keep_last, keep_once
from bot.store.tables import EPOCH, SENT, account, ask, attempt, due, learner, memory, metadata, outbox, pace, session

_who: sa.BindParameter[int] = sa.bindparam("learner_id")
_LEARNER_OF = (
    sa.select(learner, account.c.chat, account.c.is_reachable)
    .join(account, account.c.learner_id == learner.c.id)
    .where(account.c.platform == sa.bindparam("platform"), account.c.account == sa.bindparam("account"))
    .with_for_update(of=learner)
)
_LEARNER = sa.select(learner).where(learner.c.id == _who).with_for_update()
_ASK_AND_SESSION = sa.select(ask, session.c.pack, session.c.kind, session.c.scope, session.c.size, session.c.opened_at)
_FIND_ASK = _ASK_AND_SESSION.join(session, session.c.id == ask.c.session_id).where(ask.c.id == sa.bindparam("ask_id"))
_unsent = sa.exists().where(outbox.c.key == session.c.opened_by, outbox.c.state != SENT)
_LAST_ASK = (
    _ASK_AND_SESSION.join(session, session.c.id == ask.c.session_id)
    .where(ask.c.learner_id == _who, ~_unsent, session.c.kind != SessionKind.BATTLE.value)
    .order_by(ask.c.id.desc())
    .limit(1)
)
_LAST_ASK_OF = (
    _ASK_AND_SESSION.join(session, session.c.id == ask.c.session_id)
    .where(ask.c.session_id == sa.bindparam("session_id"))
    .order_by(ask.c.id.desc())
    .limit(1)
)
_ASKS = (
    _ASK_AND_SESSION.join(session, session.c.id == ask.c.session_id)
    .where(ask.c.session_id == sa.bindparam("session_id"))
    .order_by(ask.c.id)
)
_UNSETTLED = (
    _ASK_AND_SESSION.join(session, session.c.id == ask.c.session_id)
    .where(ask.c.learner_id == _who, ask.c.state == sa.literal_column(f"'{AskState.PICKED.value}'"))  # for its index
    .order_by(ask.c.id)
)
_CHANGE = (
    sa.update(ask)
    .where(ask.c.id == sa.bindparam("ask_id"))
    .values(state=sa.bindparam("state"), marked=sa.bindparam("marked"), picked_at=sa.bindparam("picked_at"))
)
_ATTEMPT = sa.select(attempt).where(attempt.c.ask_id == sa.bindparam("ask_id"))
_BLAME = sa.update(attempt).where(attempt.c.ask_id == sa.bindparam("ask_id_")).values(cause=sa.bindparam("cause"))
_of_pack = (memory.c.learner_id == _who, memory.c.pack == sa.bindparam("pack"))
_MEMORY = sa.select(
    memory.c.stability,
    memory.c.difficulty,
    memory.c.reviewed_at,
    memory.c.seen,
    memory.c.right_answers,
    memory.c.first_right,
    memory.c.last_right,
).where(*_of_pack, memory.c.concept == sa.bindparam("concept"))
_FIRST_ANSWERS = sa.select(
    sa.func.count(), sa.func.coalesce(sa.func.sum(sa.cast(memory.c.first_right, sa.Integer)), 0)
).where(*_of_pack, memory.c.domain == sa.bindparam("domain"))
_STANDINGS = sa.select(
    memory.c.concept,
    memory.c.due_at,
    memory.c.seen,
    memory.c.right_answers,
    memory.c.reviewed_at,
    memory.c.last_right,
).where(*_of_pack)
_MET = _STANDINGS.where(memory.c.domain != DECK)
_CARDS = _STANDINGS.where(memory.c.domain == DECK)
FEW = 4  # variants that a concept has at most, usually; the statement names that many
_SEEN = (
    sa.select(ask.c.item, sa.func.count(), sa.func.max(ask.c.asked_at))
    .where(ask.c.learner_id == _who, ask.c.item.in_([sa.bindparam(f"item_{place}") for place in range(FEW)]))
    .group_by(ask.c.item)
)
_SEEN_FAMILY = sa.select(sa.func.count(), sa.func.max(ask.c.asked_at)).where(
    ask.c.learner_id == _who, ask.c.item.like(sa.bindparam("pattern"))
)
_counted = (sa.func.count(), sa.func.coalesce(sa.func.sum(sa.cast(attempt.c.is_right, sa.Integer)), 0))
_TALLY = (
    sa.select(*_counted).join(ask, ask.c.id == attempt.c.ask_id).where(ask.c.session_id == sa.bindparam("session_id"))
)
_TALLIES = (
    sa.select(attempt.c.domain, *_counted)
    .where(attempt.c.learner_id == _who, attempt.c.pack == sa.bindparam("pack"))
    .group_by(attempt.c.domain)
)
_ANSWERED_SINCE = sa.select(sa.func.count()).where(
    attempt.c.learner_id == _who, attempt.c.answered_at >= sa.bindparam("since")
)
_ANSWERS = sa.select(
    sa.func.max(attempt.c.answered_at), sa.func.count().filter(attempt.c.answered_at >= sa.bindparam("since"))
).where(attempt.c.learner_id == _who)
_first = ~outbox.c.key.contains(AGAIN)  # what was put off and comes once more is the same push
_sent = (outbox.c.learner_id == _who, outbox.c.kind == DAILY, outbox.c.state == SENT, _first)
_PUSHES = sa.select(
    sa.func.count().filter(outbox.c.done_at > sa.bindparam("after")), sa.func.max(outbox.c.done_at)
).where(*_sent)
_BY_KEY = sa.select(session).where(session.c.learner_id == _who, session.c.opened_by == sa.bindparam("key"))


class SqlWork(SqlBattles):
    """`bot.ports.Work` on one open transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._address: tuple[str | None, bool] | None = None  # of the account whose learner was looked up

    # people

    def learner_of(self, person: Person) -> Learner | None:
        row = self._first(_LEARNER_OF, {"platform": person.platform, "account": person.account})
        if row is None:
            return None
        self._address = (row.chat, row.is_reachable)
        return learner_of_row(row)

    def learner(self, learner: LearnerId) -> Learner | None:
        row = self._first(_LEARNER, {"learner_id": learner})
        return learner_of_row(row) if row else None

    def enroll(self, person: Person, place: Place, pack: PackId, locale: str, now: datetime) -> Learner:
        new = Learner(LearnerId(0), pack, locale, pushes_on=False)
        row = self._run(sa.insert(learner).returning(learner.c.id), {**_columns(new), "created_at": now}).one()
        kept = self._run(
            keep_once(self._dialect, account, "learner_id"),
            {
                "platform": person.platform,
                "account": person.account,
                "learner_id": row.id,
                "chat": place.chat if place.is_private else None,
                "is_reachable": place.is_private,
            },
        ).first()
        if kept is None and (known := self.learner_of(person)):  # two first words at once, and the other was faster
            self._run(sa.delete(learner).where(learner.c.id == row.id))
            return known
        return replace(new, id=LearnerId(row.id))

    def save(self, learner_: Learner) -> None:
        self._run(sa.update(learner).where(learner.c.id == learner_.id), _columns(learner_))

    def found_at(self, person: Person, place: Place) -> bool:
        if not place.is_private or self._address == (place.chat, True):
            return False
        self._run(
            sa.update(account)
            .where(account.c.platform == person.platform, account.c.account == person.account)
            .values(chat=place.chat, is_reachable=True)
        )
        return self._address is not None and self._address[0] is None

    def forget(self, learner_: LearnerId) -> None:
        # The account before its messages and halls, as delivery takes them when a chat is gone or has moved.
        mine = sa.select(account.c.platform, account.c.chat).where(account.c.learner_id == learner_).with_for_update()
        chats = self._run(mine).all()
        self._run(sa.delete(pace).where(pace.c.lane.in_([f"{row.platform}:{row.chat}" for row in chats])))
        self._leave_battles(learner_, [Room(row.platform, row.chat) for row in chats if row.chat])
        for table in metadata.sorted_tables:
            if "learner_id" in table.c:
                self._run(sa.delete(table).where(table.c.learner_id == learner_))
        self._run(sa.delete(learner).where(learner.c.id == learner_))

    # sessions and asks

    def open_session(
        self, learner_: Learner, kind: SessionKind, scope: str, size: int, key: str, now: datetime
    ) -> tuple[Session, bool]:
        row = self._first(
            keep_once(self._dialect, session, "id"),
            {
                "learner_id": learner_.id,
                "pack": learner_.pack,
                "kind": kind.value,
                "scope": scope,
                "size": size,
                "opened_by": key,
                "opened_at": now,
            },
        )
        if row is not None:
            return Session(SessionId(row.id), learner_.id, learner_.pack, kind, scope, size, now), True
        return _session(self._first(_BY_KEY, {"learner_id": learner_.id, "key": key})), False

    def pose(self, ask_: NewAsk) -> Ask | None:
        row = self._first(
            keep_once(self._dialect, ask, "id"),
            {
                "session_id": ask_.session,
                "learner_id": ask_.learner,
                "item": ask_.item,
                "concept": ask_.concept,
                "version": ask_.version,
                "option_order": ask_.order,
                "number": ask_.number,
                "state": AskState.OPEN.value,
                "marked": (),
                "asked_at": ask_.asked_at,
                "picked_at": None,
                "follows": ask_.follows,
            },
        )
        if row is None:
            return None
        return Ask(
            id=AskId(row.id),
            session=ask_.session,
            learner=ask_.learner,
            item=ask_.item,
            concept=ask_.concept,
            version=ask_.version,
            order=ask_.order,
            number=ask_.number,
            state=AskState.OPEN,
            marked=frozenset(),
            asked_at=ask_.asked_at,
        )

    def find_ask(self, ask_: AskId) -> tuple[Ask, Session] | None:
        row = self._first(_FIND_ASK, {"ask_id": ask_})
        return _ask_and_session(row) if row else None

    def last_ask(self, learner_: LearnerId, session_: SessionId | None = None) -> tuple[Ask, Session] | None:
        if session_ is None:
            row = self._first(_LAST_ASK, {"learner_id": learner_})
        else:
            row = self._first(_LAST_ASK_OF, {"session_id": session_})
        return _ask_and_session(row) if row else None

    def asks(self, session_: SessionId) -> Sequence[Ask]:
        return [_ask_and_session(row)[0] for row in self._rows(_ASKS, {"session_id": session_})]

    def change(self, ask_: Ask, state: AskState, marked: frozenset[int], picked_at: datetime | None = None) -> Ask:
        picked_at = picked_at or ask_.picked_at
        self._do(_CHANGE, {"ask_id": ask_.id, "state": state.value, "marked": sorted(marked), "picked_at": picked_at})
        return replace(ask_, state=state, marked=marked, picked_at=picked_at)

    def unsettled(self, learner_: LearnerId) -> Sequence[tuple[Ask, Session]]:
        return [_ask_and_session(row) for row in self._rows(_UNSETTLED, {"learner_id": learner_})]

    # answers and memory

    def record(self, attempt_: Attempt) -> bool:
        kept = self._first(
            keep_once(self._dialect, attempt, "ask_id"),
            {
                "ask_id": attempt_.ask,
                "learner_id": attempt_.learner,
                "pack": attempt_.pack,
                "item": attempt_.item,
                "concept": attempt_.concept,
                "domain": attempt_.domain,
                "chosen": sorted(attempt_.chosen),
                "is_right": attempt_.is_right,
                "confidence": attempt_.confidence and attempt_.confidence.value,
                "cause": attempt_.cause and attempt_.cause.value,
                "took_s": attempt_.took_s,
                "answered_at": attempt_.answered_at,
            },
        )
        return kept is not None

    def attempt(self, ask_: AskId) -> Attempt | None:
        row = self._first(_ATTEMPT, {"ask_id": ask_})
        if row is None:
            return None
        return Attempt(
            ask=AskId(row.ask_id),
            learner=LearnerId(row.learner_id),
            pack=PackId(row.pack),
            item=ItemId(row.item),
            concept=ConceptId(row.concept),
            domain=DomainId(row.domain),
            chosen=frozenset(row.chosen),
            is_right=row.is_right,
            confidence=row.confidence and Confidence(row.confidence),
            took_s=row.took_s,
            answered_at=row.answered_at,
            cause=row.cause and Cause(row.cause),
        )

    def blame(self, ask_: AskId, cause: Cause) -> None:
        self._run(_BLAME, {"ask_id_": ask_, "cause": cause.value})

    def memory(self, learner_: LearnerId, pack: PackId, concept: ConceptId) -> Memory | None:
        row = self._first(_MEMORY, {"learner_id": learner_, "pack": pack, "concept": concept})
        return Memory(*row) if row else None

    def remember(
        self, learner_: LearnerId, pack: PackId, concept: ConceptId, domain: DomainId, memory_: Memory
    ) -> None:
        self._do(
            keep_last(self._dialect, memory),
            {
                "learner_id": learner_,
                "pack": pack,
                "concept": concept,
                "domain": domain,
                "stability": memory_.stability,
                "difficulty": memory_.difficulty,
                "reviewed_at": memory_.reviewed_at,
                "due_at": memory_.due_at,
                "seen": memory_.seen,
                "right_answers": memory_.right,
                "first_right": memory_.first_right,
                "last_right": memory_.last_right,
            },
        )

    def first_answers(self, learner_: LearnerId, pack: PackId, domain: DomainId) -> Tally:
        row = self._first(_FIRST_ANSWERS, {"learner_id": learner_, "pack": pack, "domain": domain})
        return Tally(*row)

    def met(self, learner_: LearnerId, pack: PackId) -> Mapping[ConceptId, Standing]:
        return {ConceptId(name): standing for name, standing in self._standings(_MET, learner_, pack)}

    def cards(self, learner_: LearnerId, pack: PackId) -> Mapping[CardId, Standing]:
        return {CardId(name): standing for name, standing in self._standings(_CARDS, learner_, pack)}

    def _standings(self, statement: Statement, learner_: LearnerId, pack: PackId) -> list[tuple[str, Standing]]:
        rows = self._tuples(statement, {"learner_id": learner_, "pack": pack})
        return [
            (name, Standing(due_at, seen, right, reviewed_at, not last_right))
            for name, due_at, seen, right, reviewed_at, last_right in rows
        ]

    def seen(self, learner_: LearnerId, items: Sequence[ItemId]) -> Mapping[ItemId, Seen]:
        found: dict[ItemId, Seen] = {}
        written = [item for item in items if family_of(item) is None]
        for start in range(0, len(written), FEW):
            few = (written[start : start + FEW] + [written[start]] * FEW)[:FEW]  # the same twice counts once
            named = {f"item_{place}": item for place, item in enumerate(few)}
            rows = self._tuples(_SEEN, {"learner_id": learner_, **named})
            found |= {ItemId(item): Seen(times, last_at) for item, times, last_at in rows}
        for item in items:
            if family := family_of(item):
                rows = self._tuples(_SEEN_FAMILY, {"learner_id": learner_, "pattern": f"{family}{MARK}%"})
                found.update((item, Seen(times, last_at)) for times, last_at in rows if times)
        return found

    def tally(self, session_: SessionId) -> Tally:
        return Tally(*self._first(_TALLY, {"session_id": session_}))

    def tallies(self, learner_: LearnerId, pack: PackId) -> Mapping[DomainId, Tally]:
        rows = self._rows(_TALLIES, {"learner_id": learner_, "pack": pack})
        return {DomainId(domain): Tally(answers, right) for domain, answers, right in rows}

    def answered_since(self, learner_: LearnerId, since: datetime) -> int:
        return int(self._run(_ANSWERED_SINCE, {"learner_id": learner_, "since": since}).scalar_one())

    # pushes

    def remind_at(self, learner_: LearnerId, at: datetime | None) -> None:
        if at is None:
            self._run(sa.delete(due).where(due.c.kind == DAILY, due.c.learner_id == learner_))
        else:
            self._run(keep_last(self._dialect, due), {"kind": DAILY, "learner_id": learner_, "subject": 0, "at": at})

    def reminded_on(self, learner_: LearnerId) -> date | None:
        newest = self._run(
            sa.select(outbox.c.key)
            .where(outbox.c.learner_id == learner_, outbox.c.kind == DAILY, _first)
            .order_by(outbox.c.due_at.desc())
            .limit(1)
        ).scalar()
        return date.fromisoformat(newest.rpartition(":")[2]) if newest else None

    def activity(self, learner_: LearnerId, since: datetime) -> Activity:
        last_answer_at, today = self._run(_ANSWERS, {"learner_id": learner_, "since": since}).one()
        ignored, last_push_at = self._run(_PUSHES, {"learner_id": learner_, "after": last_answer_at or EPOCH}).one()
        return Activity(last_answer_at, today, ignored, last_push_at)


def _columns(learner_: Learner) -> dict[str, Any]:
    return {
        "pack": learner_.pack,
        "locale": learner_.locale,
        "zone": learner_.zone,
        "push_time": learner_.push_time,
        "minutes": learner_.minutes,
        "quiet_from": learner_.quiet[0],
        "quiet_to": learner_.quiet[1],
        "pushes_on": learner_.pushes_on,
        "confidence_on": learner_.confidence_on,
        "step": learner_.step and learner_.step.value,
        "awaits": learner_.awaits and learner_.awaits.value,
        "draft": learner_.draft,
        "week": learner_.week,
        "paused_until": learner_.paused_until,
        "energy": learner_.energy and learner_.energy.value,
        "energy_on": learner_.energy_on,
        "on_boards": learner_.on_boards,
    }


def learner_of_row(row: Any) -> Learner:
    """A learner from their row."""
    return Learner(
        id=LearnerId(row.id),
        pack=PackId(row.pack),
        locale=row.locale,
        zone=row.zone,
        push_time=row.push_time,
        minutes=row.minutes,
        quiet=(row.quiet_from, row.quiet_to),
        pushes_on=row.pushes_on,
        confidence_on=row.confidence_on,
        step=row.step and Field(row.step),
        awaits=row.awaits and Field(row.awaits),
        draft=row.draft,
        week=row.week,
        paused_until=row.paused_until,
        energy=row.energy and Energy(row.energy),
        energy_on=row.energy_on,
        on_boards=row.on_boards,
    )


def _session(row: Any) -> Session:
    return Session(
        id=SessionId(row.id),
        learner=LearnerId(row.learner_id),
        pack=PackId(row.pack),
        kind=SessionKind(row.kind),
        scope=row.scope,
        size=row.size,
        opened_at=row.opened_at,
    )


def _ask_and_session(row: Any) -> tuple[Ask, Session]:
    found = Ask(
        id=AskId(row.id),
        session=SessionId(row.session_id),
        learner=LearnerId(row.learner_id),
        item=ItemId(row.item),
        concept=ConceptId(row.concept),
        version=row.version,
        order=row.option_order,
        number=row.number,
        state=AskState(row.state),
        marked=frozenset(row.marked),
        asked_at=row.asked_at,
        picked_at=row.picked_at,
    )
    return found, Session(
        id=found.session,
        learner=found.learner,
        pack=PackId(row.pack),
        kind=SessionKind(row.kind),
        scope=row.scope,
        size=row.size,
        opened_at=row.opened_at,
    )
