"""A group's board, and its daily question."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.chat.incoming import Incoming
from bot.domain.battle import Battle, Hall, Kind, Rules
from bot.domain.booking import Room
from bot.domain.ids import BattleId
from bot.domain.learner import Learner
from bot.domain.localtime import day_of, next_instant
from bot.domain.remind import NOBODY
from bot.domain.typed import read_time
from bot.ports import RoomChoice, Store, Tallied, Turn, Work
from bot.usecases.fought import Bar, Barred, BoardRow, BoardShown, DailyShown, Noted, Span, Told
from bot.usecases.referee import pose
from bot.usecases.scope import find_scope

MOST_ROWS = 15
SHORTEST, USUAL = timedelta(minutes=30), timedelta(hours=3)  # that a daily question is open
LATER = timedelta(hours=1)  # until a daily question is looked at again that can't be timed
OFF = "off"
log = logging.getLogger(__name__)


def board(turn: Turn, room: Room, span: str, domain: str) -> BoardShown | Barred:
    """The group's board of a stretch of time, of all or of one domain."""
    choice = turn.work.room_choice(room)
    pack = turn.packs.get(choice.pack) if choice else None
    wanted = next((one for one in Span if one.value == span), Span.WEEK)
    if pack is None:
        return BoardShown(wanted, None, (), None)
    of_domain = None
    if domain:
        found = find_scope(pack, domain)
        of_domain = next((one for one in pack.outline.domains if one.id == found), None)
        if of_domain is None:
            return Barred(Bar.UNCLEAR, domain[:60], [one.name for one in pack.outline.domains[:2]])
    since = began(wanted, turn.now)
    tallied = turn.work.board(room, pack.id, since, of_domain.domain_id if of_domain else None, MOST_ROWS)
    return BoardShown(wanted, of_domain, ranked(tallied), pack)


def began(span: Span, now: datetime) -> datetime | None:
    """When a stretch of time began: Monday, the first of the month, or ever."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match span:
        case Span.WEEK:
            return today - timedelta(days=today.weekday())
        case Span.SEASON:
            return today.replace(day=1)
        case Span.ALL:
            return None


def ranked(tallied: Sequence[Tallied]) -> list[BoardRow]:
    """Rows by right answers, then accuracy, then time; who is equal in all three shares a rank."""

    def merit(one: Tallied) -> tuple[float, ...]:
        return (-one.right, -round(one.right / one.answers, 6), round(one.took_s, 2))

    rows: list[BoardRow] = []
    for _, equals in groupby(sorted(tallied, key=lambda one: (*merit(one), one.name)), key=merit):
        rank = len(rows) + 1
        rows += [BoardRow(rank, one.name, one.right, one.answers, one.took_s) for one in equals]
    return rows


def show_me(turn: Turn, learner: Learner, *, on: bool) -> Noted:
    """Puts somebody on boards or leaves them out; they play all the same."""
    turn.work.save(replace(learner, on_boards=on))
    return Noted(Told.SHOWN if on else Told.HIDDEN)


def daily(turn: Turn, learner: Learner, incoming: Incoming, room: Room, text: str) -> DailyShown | Noted | Barred:
    """Shows when a group's daily question comes, or sets it: "18:00 Berlin", "18:00-21:00 Europe/Berlin", "off"."""
    choice = turn.work.room_choice(room)
    text = text.strip()
    if not text:
        return _shown(choice)
    if not incoming.is_admin:
        return Barred(Bar.ADMIN)
    spot = incoming.place.spot or room.chat
    choice = choice or RoomChoice(room, Rules(), turn.pack(learner).id, incoming.locale, spot)
    if text.lower() == OFF:
        turn.work.keep_room_choice(replace(choice, daily_at=None, daily_until=None, daily_next=None))
        return Noted(Told.DAILY_OFF)
    hours, _, place = text.partition(" ")
    if not place and choice.zone != "UTC":
        place = choice.zone
    start, _, stop = hours.replace("\N{EN DASH}", "-").partition("-")
    at, until = read_time(start), read_time(stop) if stop else None
    if at is None or (stop and until is None) or (until and _span(at, until) < SHORTEST):
        return Barred(Bar.UNCLEAR_TIME, text[:60])
    towns = turn.atlas.zones(place.strip()) if place.strip() else ()
    zones = {town.zone for town in towns}
    if place.strip() and len(zones) != 1:
        near = [f"{town.name}, {town.country}" for town in towns[:3]]
        return Barred(Bar.SEVERAL_TOWNS if zones else Bar.UNCLEAR_TIME, place.strip()[:60], near)
    zone = zones.pop() if zones else learner.zone
    choice = replace(
        choice,
        locale=incoming.locale,
        spot=spot,
        zone=zone,
        daily_at=at,
        daily_until=until or _later(at, USUAL),
        daily_next=next_instant(turn.now, at, ZoneInfo(zone)),
    )
    turn.work.keep_room_choice(choice)
    return _shown(choice)


def ask_daily(store: Store, turn_of: Callable[[Work], Turn], now: datetime) -> bool:
    """Opens the daily question of one group where it is due; False if none was."""
    with store.begin() as work:
        choice = work.due_room(now)
        if choice is None:
            return False
        try:
            _ask(turn_of(work), choice)
        except (ValueError, LookupError, ArithmeticError):  # e.g. a zone that this machine does not know
            log.exception("the daily question of %s can't be timed; it is looked at again later", choice.room)
            work.keep_room_choice(replace(choice, daily_next=now + LATER))
        return True


def _ask(turn: Turn, choice: RoomChoice) -> None:
    """The question, and when the next one is due; a group that has a battle on goes without today's."""
    assert choice.daily_at is not None and choice.daily_until is not None  # noqa: S101, PT018 - set with the instant
    zone = ZoneInfo(choice.zone)
    due_at = choice.daily_next or turn.now
    until = next_instant(due_at, choice.daily_until, zone)
    turn.work.keep_room_choice(replace(choice, daily_next=next_instant(turn.now, choice.daily_at, zone)))
    open_for = until - turn.now
    if choice.pack not in turn.packs or open_for < SHORTEST:
        return
    new = Battle(
        id=BattleId(0),
        pack=choice.pack,
        host=NOBODY,
        rules=replace(Rules(), rounds=1, scope=choice.rules.scope),
        halls=(Hall(0, choice.room, choice.spot, choice.locale),),
        since=turn.now,
        kind=Kind.DAILY,
        open_s=int(open_for.total_seconds()),
    )
    key = f"daily:{choice.room.platform}:{choice.room.chat}:{day_of(due_at, zone)}"
    made = turn.work.open_battle(new, key, turn.now, turn.now)
    if made:
        pose(turn, made)


def _shown(choice: RoomChoice | None) -> DailyShown:
    if choice is None or choice.daily_at is None:
        return DailyShown(None, None, choice.zone if choice else "UTC")
    return DailyShown(choice.daily_at, choice.daily_until, choice.zone, choice.daily_next)


def _span(at: time, until: time) -> timedelta:
    """From one time on the wall to the next such time, less than a day."""
    day = datetime(2000, 1, 1)  # noqa: DTZ001 - a wall clock on no day
    return (datetime.combine(day, until) - datetime.combine(day, at)) % timedelta(days=1)


def _later(at: time, span: timedelta) -> time:
    return (datetime.combine(datetime(2000, 1, 1), at) + span).time()  # noqa: DTZ001 - a wall clock on no day
