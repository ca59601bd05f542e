"""The part of the unit of work that is about battles."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.domain.battle import PUT_OFF, Battle, Ending, Hall, Kind, Mode, Phase, Player, Round, Rules, Struck
from bot.domain.booking import Room
from bot.domain.deck import DECK
from bot.domain.draw import Known
from bot.domain.ids import BattleId, ConceptId, DomainId, ItemId, LearnerId, PackId
from bot.domain.item import Difficulty
from bot.domain.remind import Push
from bot.domain.score import Mark
from bot.ports import Posted, RoomChoice, Tallied, Unkept
from bot.store.bookings import SqlBookings, push_columns, push_of
from bot.store.lanes import take
from bot.store.prepared import Statement
from bot.store.statements import insert, keep_last, keep_once
from bot.store.tables import (
    DROPPED,
    SENT,
    WAITING,
    account,
    battle,
    hall,
    learner,
    memory,
    outbox,
    player,
    room,
    round_,
    strike,
)

log = logging.getLogger(__name__)

_id = battle.c.id == sa.bindparam("battle_id")
_LOCKED = sa.select(battle).where(_id).with_for_update()
_HELD = sa.select(battle).where(_id).with_for_update(read=True)
_HALLS = sa.select(hall).where(hall.c.battle_id == sa.bindparam("battle_id")).order_by(hall.c.place)
_of_player = (player.c.battle_id == sa.bindparam("battle_id"), player.c.learner_id == sa.bindparam("learner_id"))
_PLAYER = sa.select(player).where(*_of_player)
_PLAYERS = sa.select(player).where(player.c.battle_id == sa.bindparam("battle_id")).order_by(player.c.came)
_ROUND = sa.select(round_).where(
    round_.c.battle_id == sa.bindparam("battle_id"), round_.c.number == sa.bindparam("number")
)
_of_round = (strike.c.battle_id == sa.bindparam("battle_id"), strike.c.number == sa.bindparam("number"))
_STRUCK = sa.select(strike).where(*_of_round, strike.c.learner_id == sa.bindparam("learner_id"))
_STRIKES = sa.select(strike).where(*_of_round)
_NAMES_OF_LOCKED = sa.select(strike.c.learner_id).where(*_of_round, strike.c.is_locked)
_DUE = (
    sa.select(battle)
    .where(battle.c.wake_at <= sa.bindparam("now"))
    .order_by(battle.c.wake_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_NEXT_WAKE = sa.select(sa.func.min(battle.c.wake_at)).where(battle.c.wake_at.is_not(None))  # else no index serves it
_UPDATE_PLAYER = sa.update(player).where(  # what it is given by a column's name it sets
    player.c.battle_id == sa.bindparam("battle_id_"), player.c.learner_id == sa.bindparam("learner_id_")
)
_MARK = sa.update(strike).where(
    strike.c.battle_id == sa.bindparam("battle_id_"),
    strike.c.number == sa.bindparam("number_"),
    strike.c.learner_id == sa.bindparam("learner_id_"),
)
_TAKE = (
    sa.update(strike)
    .where(*_of_round, strike.c.learner_id == sa.bindparam("learner_id"), strike.c.is_right.is_not(None))
    .where(~strike.c.is_kept)
    .values(is_kept=True)
    .returning(*strike.c)
)
_UNKEPT = (
    sa.select(strike.c.battle_id, strike.c.number, strike.c.learner_id)
    # in the words of the partial index: SQLite does not find `is_kept = 0` in it, and would read all answers ever
    .where(strike.c.is_right.is_not(None), sa.text("NOT strike.is_kept"))
    .order_by(strike.c.learner_id, strike.c.battle_id, strike.c.number)
    .limit(sa.bindparam("most"))
)
_right = sa.cast(strike.c.is_right, sa.Integer)


class SqlBattles(SqlBookings):
    """`bot.ports.Battles` on one open transaction."""

    # battles and their rooms

    def open_battle(self, new: Battle, key: str, now: datetime, wake_at: datetime) -> Battle | None:
        values = {**_battle_columns(new), "counts": False, "opened_by": key, "opened_at": now, "wake_at": wake_at}
        row = self._run(keep_once(self._dialect, battle, "id"), values).first()
        if row is None:
            return None
        made = replace(new, id=BattleId(row.id))
        free_at = now if made.kind is Kind.DAILY else None
        if all(self.join_hall(made.id, one, free_at) for one in made.halls):
            return made
        self._run(sa.delete(hall).where(hall.c.battle_id == made.id))
        self._run(sa.delete(battle).where(battle.c.id == made.id))
        return None

    def opened_by(self, key: str) -> Battle | None:
        row = self._run(sa.select(battle).where(battle.c.opened_by == key)).first()
        return self._whole(row)

    def battle(self, battle_: BattleId) -> Battle | None:
        return self._whole(self._first(_LOCKED, {"battle_id": battle_}))

    def battle_as_is(self, battle_: BattleId) -> Battle | None:
        return self._whole(self._first(_HELD, {"battle_id": battle_}))

    def battle_in(self, room_: Room) -> BattleId | None:
        here = sa.select(hall.c.battle_id).where(*_is_here(room_), hall.c.over_at.is_(None))
        found = self._run(here).scalar()
        return BattleId(found) if found else None

    def last_battles(self, room_: Room, most: int) -> Sequence[tuple[BattleId, datetime]]:
        over = (
            sa.select(hall.c.battle_id, hall.c.over_at)
            .join(battle, battle.c.id == hall.c.battle_id)
            .where(*_is_here(room_), hall.c.over_at.is_not(None), battle.c.kind == Kind.GROUP.value)
            .order_by(hall.c.over_at.desc())
            .limit(most)
        )
        return [(BattleId(row.battle_id), row.over_at) for row in self._run(over)]

    def missed_battles(self, learner_: LearnerId, since: datetime, most: int) -> Sequence[BattleId]:
        played = sa.select(player.c.battle_id).where(player.c.learner_id == learner_)
        mine = (
            sa.select(hall.c.platform, hall.c.chat)
            .join(player, sa.and_(player.c.battle_id == hall.c.battle_id, player.c.hall == hall.c.place))
            .where(player.c.learner_id == learner_)
        )
        over = (
            sa.select(battle.c.id, sa.func.max(hall.c.over_at))
            .join(hall, hall.c.battle_id == battle.c.id)
            .where(
                battle.c.kind == Kind.GROUP.value,
                battle.c.ending == Ending.PLAYED.value,
                hall.c.over_at >= since,
                battle.c.id.not_in(played),
                sa.tuple_(hall.c.platform, hall.c.chat).in_(mine),
            )
            .group_by(battle.c.id)
            .order_by(sa.func.max(hall.c.over_at).desc())
            .limit(most)
        )
        return [BattleId(row.id) for row in self._run(over)]

    def battle_of_code(self, code: str) -> BattleId | None:
        found = self._run(sa.select(battle.c.id).where(battle.c.code == code)).scalar()
        return BattleId(found) if found else None

    def opened_since(self, host: LearnerId, since: datetime) -> int:
        counted = sa.select(sa.func.count()).where(battle.c.host == host, battle.c.opened_at >= since)
        return int(self._run(counted).scalar_one())

    def keep_battle(self, kept: Battle, wake_at: datetime | None) -> None:
        values = {**_battle_columns(kept), "wake_at": wake_at}
        self._run(sa.update(battle).where(battle.c.id == kept.id), values)
        for one in kept.halls:  # delivery, which holds no battle, may have said since that one is gone or has moved
            mine = (hall.c.battle_id == kept.id, hall.c.place == one.place)
            if one.is_gone:
                self._run(sa.update(hall).where(*mine, ~hall.c.is_gone).values(is_gone=True))
            self._run(
                sa.update(hall)
                .where(*mine, hall.c.chat == one.room.chat, hall.c.spot != one.chat)
                .values(spot=one.chat)
            )

    def join_hall(self, battle_: BattleId, new: Hall, free_at: datetime | None = None) -> bool:
        values = {
            "battle_id": battle_,
            "place": new.place,
            "platform": new.room.platform,
            "chat": new.room.chat,
            "spot": new.chat,
            "locale": new.locale,
            "has_threads": new.has_threads,
            "is_gone": new.is_gone,
            "over_at": free_at,
        }
        return self._run(keep_once(self._dialect, hall, "place"), values).first() is not None

    def free_hall(self, battle_: BattleId, place: int, now: datetime) -> None:
        self._run(
            sa.update(hall)
            .where(hall.c.battle_id == battle_, hall.c.place == place, hall.c.over_at.is_(None))
            .values(over_at=now)
        )

    def played_battles(self, learner_: LearnerId, most: int) -> Sequence[BattleId]:
        found = (
            sa.select(battle.c.id)
            .join(player, player.c.battle_id == battle.c.id)
            .where(
                player.c.learner_id == learner_,
                battle.c.kind == Kind.GROUP.value,
                battle.c.ending == Ending.PLAYED.value,
            )
            .order_by(battle.c.id.desc())
            .limit(most)
        )
        return [BattleId(row.id) for row in self._run(found)]

    def private_chat(self, learner_: LearnerId, platform: str) -> str | None:
        found = sa.select(account.c.chat).where(
            account.c.learner_id == learner_, account.c.platform == platform, account.c.is_reachable
        )
        chat: str | None = self._run(found).scalar()
        return chat

    def free_halls(self, battle_: BattleId, now: datetime, *, counts: bool) -> None:
        self._run(sa.update(hall).where(hall.c.battle_id == battle_, hall.c.over_at.is_(None)).values(over_at=now))
        self._run(sa.update(battle).where(battle.c.id == battle_).values(counts=counts))

    def due_battle(self, now: datetime) -> Battle | None:
        while row := self._first(_DUE, {"now": now}):
            try:
                return self._whole(row)
            except (ValueError, TypeError, LookupError):  # as another version wrote it
                log.exception("battle %s can't be read; it is looked at again in a minute", row.id)
                self.put_off(row.id, now + PUT_OFF)
        return None

    def put_off(self, battle_: BattleId, until: datetime) -> None:
        self._run(sa.update(battle).where(battle.c.id == battle_, battle.c.wake_at.is_not(None)).values(wake_at=until))

    def next_wake(self) -> datetime | None:
        found: datetime | None = self._run(_NEXT_WAKE).scalar()
        return found

    def _whole(self, row: Any) -> Battle | None:
        if row is None:
            return None
        return _battle(row, [_hall(one) for one in self._rows(_HALLS, {"battle_id": row.id})])

    def _leave_battles(self, learner_: LearnerId, rooms: Sequence[Room]) -> None:
        """Forgets who hosted, and the private chats in which replays were played."""
        self._run(sa.update(battle).where(battle.c.host == learner_).values(host=0))
        for one in rooms:
            self._run(sa.delete(outbox).where(outbox.c.platform == one.platform, outbox.c.chat == one.chat))
            self._run(sa.delete(hall).where(*_is_here(one)))
            self._run(sa.delete(room).where(room.c.platform == one.platform, room.c.chat == one.chat))

    # players

    def player(self, battle_: BattleId, learner_: LearnerId) -> Player | None:
        row = self._first(_PLAYER, {"battle_id": battle_, "learner_id": learner_})
        return _player(row) if row else None

    def players(self, battle_: BattleId) -> Sequence[Player]:
        return [_player(row) for row in self._rows(_PLAYERS, {"battle_id": battle_})]

    def keep_players(self, battle_: BattleId, players: Sequence[Player]) -> None:
        statement = _keep_player(self._dialect)
        for one in players:
            self._run(
                statement,
                {**_player_columns(one), "battle_id": battle_, "learner_id": one.learner, "of_battle": battle_},
            )

    def update_players(self, battle_: BattleId, players: Sequence[Player]) -> None:
        if players:
            self._run(
                _UPDATE_PLAYER,
                [
                    {**_without_name(_player_columns(one)), "battle_id_": battle_, "learner_id_": one.learner}
                    for one in sorted(players, key=lambda one: one.learner)
                ],
            )

    def has_newcomers(self, battle_: BattleId) -> bool:
        reached = sa.exists().where(account.c.learner_id == player.c.learner_id, account.c.is_reachable)
        found = sa.select(player.c.learner_id).where(player.c.battle_id == battle_, player.c.answers > 0, ~reached)
        return self._run(found.limit(1)).first() is not None

    # rounds and answers

    def round(self, battle_: BattleId, number: int) -> Round | None:
        row = self._first(_ROUND, {"battle_id": battle_, "number": number})
        return _round(row) if row else None

    def rounds(self, battle_: BattleId) -> Sequence[Round]:
        found = sa.select(round_).where(round_.c.battle_id == battle_).order_by(round_.c.number)
        return [_round(row) for row in self._run(found)]

    def keep_round(self, battle_: BattleId, kept: Round) -> None:
        values = {
            "battle_id": battle_,
            "number": kept.number,
            "item": kept.item,
            "concept": kept.concept,
            "domain": kept.domain,
            "version": kept.version,
            "option_order": kept.order,
            "reading_s": kept.reading_s,
            "answer_s": kept.answer_s,
            "posed_at": kept.posed_at,
            "opened": json.dumps({place: at.timestamp() for place, at in kept.opened.items()}),
            "source": kept.source,
        }
        self._run(keep_last(self._dialect, round_), values)

    def struck(self, battle_: BattleId, number: int, learner_: LearnerId) -> Struck | None:
        row = self._first(_STRUCK, {"battle_id": battle_, "number": number, "learner_id": learner_})
        return _struck(row) if row else None

    def strikes(self, battle_: BattleId, number: int) -> Sequence[Struck]:
        return [_struck(row) for row in self._rows(_STRIKES, {"battle_id": battle_, "number": number})]

    def locked(self, battle_: BattleId, number: int) -> frozenset[LearnerId]:
        rows = self._tuples(_NAMES_OF_LOCKED, {"battle_id": battle_, "number": number})
        return frozenset(LearnerId(who) for (who,) in rows)

    def keep_struck(self, battle_: BattleId, number: int, struck: Struck) -> None:
        self._do(
            _keep_struck(self._dialect),
            {
                "battle_id": battle_,
                "number": number,
                "learner_id": struck.learner,
                "chosen": sorted(struck.chosen),
                "at": struck.at,
                "is_locked": struck.is_locked,
                "taps": struck.taps,
                "key": struck.key,
                "is_right": None,
                "is_rash": None,
                "took_s": None,
                "points": None,
                "is_kept": False,
            },
        )

    def keep_marks(self, battle_: BattleId, number: int, marks: Mapping[LearnerId, Mark]) -> None:
        if marks:
            self._run(
                _MARK,
                [
                    {
                        "battle_id_": battle_,
                        "number_": number,
                        "learner_id_": who,
                        "is_right": got.is_right,
                        "is_rash": got.is_rash,
                        "took_s": got.took_s,
                        "points": got.points,
                    }
                    for who, got in sorted(marks.items())
                ],
            )

    def marks(self, battle_: BattleId, number: int) -> Mapping[LearnerId, Mark]:
        rows = self._rows(_STRIKES, {"battle_id": battle_, "number": number})
        return {LearnerId(row.learner_id): _mark(row) for row in rows if row.is_right is not None}

    def missed(self, battle_: BattleId) -> Sequence[tuple[ConceptId, int, int]]:
        wrong = sa.func.sum(1 - _right)
        found = (
            sa.select(round_.c.concept, wrong, sa.func.count())
            .join(strike, sa.and_(strike.c.battle_id == round_.c.battle_id, strike.c.number == round_.c.number))
            .where(round_.c.battle_id == battle_, strike.c.is_right.is_not(None))
            .group_by(round_.c.concept)
            .having(wrong > 0)
            .order_by(wrong.desc(), (wrong * 1.0 / sa.func.count()).desc(), round_.c.concept)
        )
        return [(ConceptId(name), int(missed), int(of)) for name, missed, of in self._run(found)]

    def points_through(self, battle_: BattleId, number: int) -> Mapping[LearnerId, Tallied]:
        found = (
            sa.select(strike.c.learner_id, player.c.name, *_tallied)
            .join(player, sa.and_(player.c.battle_id == strike.c.battle_id, player.c.learner_id == strike.c.learner_id))
            .where(strike.c.battle_id == battle_, strike.c.number <= number, strike.c.is_right.is_not(None))
            .group_by(strike.c.learner_id, player.c.name)
        )
        return {LearnerId(row.learner_id): _tally(row, row.name) for row in self._run(found)}

    # each player's own memory

    def unkept(self, most: int) -> Sequence[Unkept]:
        waiting = self._tuples(_UNKEPT, {"most": most})
        return [Unkept(BattleId(one), number, LearnerId(who)) for one, number, who in waiting]

    def take_unkept(self, one: Unkept) -> tuple[Struck, Mark] | None:
        row = self._first(_TAKE, {"battle_id": one.battle, "number": one.number, "learner_id": one.learner})
        return (_struck(row), _mark(row)) if row else None

    def known(self, battle_: BattleId, pack: PackId, now: datetime) -> Mapping[ConceptId, Known]:
        found = (
            sa.select(
                memory.c.concept,
                sa.func.sum(sa.case((memory.c.due_at <= now, 1), else_=0)),
                sa.func.count(),
                sa.func.sum(memory.c.seen),
                sa.func.sum(memory.c.right_answers),
            )
            .join(player, player.c.learner_id == memory.c.learner_id)
            .where(player.c.battle_id == battle_, player.c.gone.is_(None), memory.c.pack == pack)
            .where(memory.c.domain != DECK)
            .group_by(memory.c.concept)
        )
        return {ConceptId(name): Known(*map(int, counts)) for name, *counts in self._run(found)}

    def fought(self, rooms: Sequence[Room]) -> Mapping[ItemId, int]:
        here = sa.or_(sa.false(), *(sa.and_(*_is_here(one)) for one in rooms))
        battles = sa.select(hall.c.battle_id).where(here)
        counted = (
            sa.select(round_.c.item, sa.func.count()).where(round_.c.battle_id.in_(battles)).group_by(round_.c.item)
        )
        return {ItemId(item): times for item, times in self._run(counted)}

    # rooms

    def room_choice(self, room_: Room) -> RoomChoice | None:
        row = self._run(sa.select(room).where(room.c.platform == room_.platform, room.c.chat == room_.chat)).first()
        return _room_choice(row) if row else None

    def keep_room_choice(self, choice: RoomChoice) -> None:
        self._run(
            keep_last(self._dialect, room),
            {
                "platform": choice.room.platform,
                "chat": choice.room.chat,
                "rules": rules_text(choice.rules),
                "pack": choice.pack,
                "locale": choice.locale,
                "spot": choice.spot,
                "zone": choice.zone,
                "daily_at": choice.daily_at,
                "daily_until": choice.daily_until,
                "daily_next": choice.daily_next,
            },
        )

    def due_room(self, now: datetime) -> RoomChoice | None:
        row = self._run(
            sa.select(room)
            .where(room.c.daily_next <= now)
            .order_by(room.c.daily_next)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        return _room_choice(row) if row else None

    def board(
        self, room_: Room, pack: PackId, since: datetime | None, domain: DomainId | None, most: int
    ) -> Sequence[Tallied]:
        found = (
            sa.select(strike.c.learner_id, sa.func.max(strike.c.battle_id).label("newest"), *_tallied)
            .join(battle, battle.c.id == strike.c.battle_id)
            .join(player, sa.and_(player.c.battle_id == strike.c.battle_id, player.c.learner_id == strike.c.learner_id))
            .join(hall, sa.and_(hall.c.battle_id == player.c.battle_id, hall.c.place == player.c.hall))
            .join(learner, learner.c.id == strike.c.learner_id)
            .where(*_is_here(room_), battle.c.counts, battle.c.pack == pack)
            .where(strike.c.is_right.is_not(None), learner.c.on_boards)
            .group_by(strike.c.learner_id)
        )
        if since is not None:
            found = found.where(strike.c.at >= since)
        if domain is not None:
            found = found.join(
                round_, sa.and_(round_.c.battle_id == strike.c.battle_id, round_.c.number == strike.c.number)
            ).where(round_.c.domain == domain)
        right = sa.func.sum(_right)
        ranked = found.order_by(right.desc(), sa.func.count(), sa.text("took_s")).limit(most)
        rows = self._run(ranked).all()
        names = {
            (row.learner_id, row.battle_id): row.name
            for row in self._run(
                sa.select(player.c.learner_id, player.c.battle_id, player.c.name).where(
                    sa.tuple_(player.c.learner_id, player.c.battle_id).in_(
                        [(row.learner_id, row.newest) for row in rows]
                    )
                )
            )
        }
        return [_tally(row, names[row.learner_id, row.newest]) for row in rows]

    # messages

    def posted(self, keys: Sequence[str]) -> Mapping[str, Posted]:
        columns = (outbox.c.key, outbox.c.state, outbox.c.done_at, outbox.c.message, outbox.c.poll)
        rows = self._run(sa.select(*columns).where(outbox.c.key.in_(list(keys))))
        return {
            row.key: Posted(
                row.key, row.state == SENT, row.state == DROPPED, row.done_at, row.message, row.poll is not None
            )
            for row in rows
        }

    def post_of_poll(self, platform: str, poll: str) -> Push | None:
        row = self._run(sa.select(outbox).where(outbox.c.platform == platform, outbox.c.poll == poll)).first()
        return push_of(row) if row else None

    def refresh(self, push: Push, now: datetime, spacing_s: float) -> None:
        if self._run(keep_once(self._dialect, outbox, "id"), push_columns(push)).first():
            return
        row = self._run(sa.select(outbox).where(outbox.c.key == push.key).with_for_update()).one()
        is_on_its_way = row.state == WAITING and row.tries > 0
        values: dict[str, Any] = {"expires_at": push.expires_at}
        if is_on_its_way:
            values |= {"again": True, "due_at": max(push.due_at, now + timedelta(seconds=spacing_s))}
        elif row.state != WAITING:
            free_at = (row.done_at or now) + timedelta(seconds=spacing_s)
            values |= {"state": WAITING, "tries": 0, "again": False, "reason": None, "due_at": push.due_at}
            values |= {"not_before": max(push.due_at, free_at)}
        self._run(sa.update(outbox).where(outbox.c.id == row.id).values(**values))

    def take_slot(self, lane: str, now: datetime, spacing_s: float, burst: int) -> bool:
        return take(self._run, self._dialect, lane, now, spacing_s, burst)


_tallied = (
    sa.func.sum(_right).label("right_answers"),
    sa.func.count().label("answers"),
    sa.func.coalesce(sa.func.avg(sa.case((strike.c.is_right, strike.c.took_s))), 0.0).label("took_s"),
    sa.func.sum(strike.c.points).label("points"),
)
_kept: dict[str, Statement] = {}


def _keep_struck(dialect: str) -> Statement:
    """The answer's row; what was graded already stays as it is."""
    if dialect not in _kept:
        statement = insert(dialect, strike)
        changed = {name: statement.excluded[name] for name in ("chosen", "at", "is_locked", "taps", "key")}
        keys = [column.name for column in strike.primary_key]
        _kept[dialect] = statement.on_conflict_do_update(
            index_elements=keys, set_=changed, where=strike.c.is_right.is_(None)
        )
    return _kept[dialect]


@cache
def _keep_player(dialect: str) -> sa.Insert:
    """The player's row; who is there already keeps their place among the others."""
    before = player.alias()
    last = sa.select(sa.func.coalesce(sa.func.max(before.c.came), 0)).where(
        before.c.battle_id == sa.bindparam("of_battle")
    )
    statement = insert(dialect, player).values(came=last.scalar_subquery() + 1)
    keys = [column.name for column in player.primary_key]
    names = [column.name for column in player.c if column.name not in (*keys, "came")]
    changed = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def _is_here(room_: Room) -> tuple[sa.ColumnElement[bool], ...]:
    return (hall.c.platform == room_.platform, hall.c.chat == room_.chat)


def rules_text(rules: Rules) -> str:
    """Rules as they are kept."""
    return json.dumps(asdict(rules), sort_keys=True)


def rules_of(text: str) -> Rules:
    """Rules as they were kept."""
    told = json.loads(text)
    difficulty = told.get("difficulty")
    return Rules(**{**told, "mode": Mode(told["mode"]), "difficulty": Difficulty(difficulty) if difficulty else None})


def _battle_columns(one: Battle) -> dict[str, Any]:
    return {
        "pack": one.pack,
        "kind": one.kind.value,
        "host": one.host,
        "rules": rules_text(one.rules),
        "phase": one.phase.value,
        "since": one.since,
        "number": one.number,
        "silent": one.silent,
        "code": one.code,
        "ghost": one.ghost,
        "totals": json.dumps(one.totals),
        "share": one.share,
        "ending": one.ending and one.ending.value,
        "open_s": one.open_s,
        "panel": one.panel,
    }


def _battle(row: Any, halls: Sequence[Hall]) -> Battle:
    return Battle(
        id=BattleId(row.id),
        pack=PackId(row.pack),
        host=LearnerId(row.host),
        rules=rules_of(row.rules),
        halls=tuple(halls),
        since=row.since,
        kind=Kind(row.kind),
        phase=Phase(row.phase),
        number=row.number,
        silent=row.silent,
        code=row.code,
        ghost=BattleId(row.ghost) if row.ghost else None,
        totals=tuple(json.loads(row.totals)),
        share=row.share,
        ending=row.ending and Ending(row.ending),
        open_s=row.open_s,
        panel=row.panel,
    )


def _hall(row: Any) -> Hall:
    return Hall(row.place, Room(row.platform, row.chat), row.spot, row.locale, row.has_threads, row.is_gone)


def _player_columns(one: Player) -> dict[str, Any]:
    return {
        "name": one.name,
        "hall": one.hall,
        "team": one.team,
        "joined": one.joined,
        "gone": one.gone,
        "out": one.out,
        "points": one.points,
        "right_answers": one.right,
        "answers": one.answers,
        "streak": one.streak,
        "took_s": one.took_s,
        "idle": one.idle,
    }


def _without_name(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name != "name"}


def _player(row: Any) -> Player:
    return Player(
        learner=LearnerId(row.learner_id),
        name=row.name,
        hall=row.hall,
        team=row.team,
        joined=row.joined,
        gone=row.gone,
        out=row.out,
        points=row.points,
        right=row.right_answers,
        answers=row.answers,
        streak=row.streak,
        took_s=row.took_s,
        idle=row.idle,
    )


def _round(row: Any) -> Round:
    return Round(
        number=row.number,
        item=ItemId(row.item),
        concept=ConceptId(row.concept),
        domain=DomainId(row.domain),
        version=row.version,
        order=row.option_order,
        reading_s=row.reading_s,
        answer_s=row.answer_s,
        posed_at=row.posed_at,
        opened={int(place): datetime.fromtimestamp(at, UTC) for place, at in json.loads(row.opened).items()},
        source=row.source,
    )


def _struck(row: Any) -> Struck:
    return Struck(LearnerId(row.learner_id), frozenset(row.chosen), row.at, row.is_locked, row.taps, row.key)


def _mark(row: Any) -> Mark:
    return Mark(LearnerId(row.learner_id), row.is_right, row.is_rash, row.took_s, row.points)


def _tally(row: Any, name: str) -> Tallied:
    right, points = int(row.right_answers), int(row.points)
    return Tallied(LearnerId(row.learner_id), name, right, row.answers, float(row.took_s), points)


def _room_choice(row: Any) -> RoomChoice:
    return RoomChoice(
        room=Room(row.platform, row.chat),
        rules=rules_of(row.rules),
        pack=PackId(row.pack),
        locale=row.locale,
        spot=row.spot,
        zone=row.zone,
        daily_at=row.daily_at,
        daily_until=row.daily_until,
        daily_next=row.daily_next,
    )
