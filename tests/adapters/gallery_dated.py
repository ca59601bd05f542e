"""Every kind of message around an exam date, made by the real `present` from outcomes on the shipped pack."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta

from bot.domain.booking import Booking, Caution, Seat, Verdict, When
from bot.domain.countdown import Slot, SlotKind, compile_slots
from bot.domain.exam_day import Exam, nights
from bot.domain.ids import BattleId, BookingId, ConceptId, DomainId, LearnerId, PackId
from bot.domain.learner import Energy, Field, Learner
from bot.domain.pack import Pack
from bot.domain.plan import Block, BlockKind, Plan, Terms, make_plan
from bot.ports import Town
from bot.usecases.dated import (
    AskCancel,
    AskPause,
    AskResult,
    AskTravel,
    AskWhen,
    AskZone,
    CalendarShown,
    Canceled,
    Check,
    CheckId,
    Cheer,
    Confirm,
    Energized,
    ExamShown,
    Milestone,
    NoExam,
    Paused,
    PlanDrawn,
    PlanSaved,
    PlanShown,
    Readied,
    ResultNoted,
    SlotReached,
    Snag,
    Snoozed,
    Stint,
)
from bot.usecases.outcome import Choices, Day, Outcome
from tests.dialogues.chat import START

EXAM_DAY = date(2026, 12, 15)
WHEN = When(EXAM_DAY, time(9, 30), "America/Argentina/ComodRivadavia")
BOOKING = Booking(BookingId(2**31), LearnerId(2**31), PackId("mls-c01"), WHEN)


def dated(pack: Pack, learner: Learner, hostile: str) -> Iterator[tuple[str, Outcome]]:
    """Named outcomes, each kind in each of its states; `hostile` is a text that somebody typed."""
    yield from _asking(pack, learner, hostile)
    yield from _shown(pack, learner)
    yield from _todays(pack, learner)
    yield from _on_the_way(pack, learner)
    yield from _afterwards(pack, hostile)
    yield from _groups(pack, hostile)
    for day in (date(2026, 12, 24), date(2027, 1, 3)):
        yield f"paused {day}", Paused(day, None)
    yield "paused, cut by the exam", Paused(date(2026, 12, 12), BOOKING)
    yield "ask pause", AskPause(learner, START.date())
    yield "ask pause again", AskPause(learner, START.date(), hostile)
    for energy in (None, *Energy):
        yield f"energy {energy}", Energized(energy, 20)
    yield "snoozed", Snoozed(START + timedelta(hours=1), learner.zone)


def _asking(pack: Pack, learner: Learner, hostile: str) -> Iterator[tuple[str, Outcome]]:
    towns = (Town(hostile, "Nowhere", "America/Chicago"), Town("Springfield", "Oregon, US", "America/Los_Angeles"))
    for chosen in ("", "2026-12", "2026-12-07..", "2026-12-30..", "2026-12-15"):
        yield f"ask when, {chosen or 'nothing'} chosen", AskWhen(learner, pack, START, chosen)
    yield "ask when, a step", AskWhen(replace(learner, step=Field.EXAM), pack, START)
    yield "ask when, moving", AskWhen(learner, pack, START, ahead=BOOKING)
    soon = pack.exam.model_copy(update={"first_day": date(2027, 1, 14)})
    coming = replace(pack, outline=pack.outline.model_copy(update={"exam": soon}))
    elsewhere = {Snag.NO_PLACE, Snag.SEVERAL_TOWNS, Snag.NO_TRAVEL, Snag.NO_SCORE}
    for snag in (one for one in Snag if one not in elsewhere):
        chosen = "2026-12-15" if snag is Snag.NO_CLOCK else ""
        yield f"ask when, {snag.value}", AskWhen(learner, coming, START, chosen, snag, hostile)
    for zone_snag in (None, Snag.NO_PLACE):
        yield f"ask zone, {zone_snag}", AskZone(learner, "2026-12-15T09:30", zone_snag, hostile)
    yield "ask zone, several", AskZone(learner, "2026-12-15T09:30", Snag.SEVERAL_TOWNS, hostile, towns)
    caution = Caution(date(2026, 3, 31), ["MLA-C02", "AIP-C01"])
    yield "confirm", Confirm(learner, pack, WHEN, START, None, None)
    yield "confirm, retired", Confirm(learner, pack, WHEN, START, caution, None)
    abroad = replace(learner, zone="Europe/Berlin")
    yield "confirm, elsewhere", Confirm(abroad, pack, WHEN, START, None, None)
    retiring = replace(caution, last_day=date(2026, 12, 14), successors=[])
    yield "confirm, retiring and moving", Confirm(learner, pack, WHEN, START, retiring, BOOKING)
    yield "ask travel", AskTravel(BOOKING)
    yield "ask travel again", AskTravel(BOOKING, Snag.NO_TRAVEL, hostile)
    yield "ask cancel", AskCancel(BOOKING, pack)
    yield "canceled", Canceled(pack)
    yield "no exam", NoExam(pack)


def _shown(pack: Pack, learner: Learner) -> Iterator[tuple[str, Outcome]]:
    fits, tight = plan(pack, (90, 90, 90, 90, 90, 240, 0)), plan(pack, (5,) * 7)
    for news in ("", "booked", "moved", "changed"):
        yield f"exam {news}", ExamShown(learner, pack, BOOKING, fits, START, news)
    yield "exam, a step", ExamShown(replace(learner, step=Field.EXAM), pack, BOOKING, tight, START, "booked")
    at_home = replace(BOOKING, is_remote=True)
    yield "exam at home", ExamShown(learner, pack, at_home, fits, START, others=[(BOOKING, pack)])
    yield "exam far away", ExamShown(learner, pack, replace(BOOKING, is_remote=False, travel_minutes=600), fits, START)
    yield "exam, way unknown", ExamShown(learner, pack, replace(BOOKING, is_remote=False), fits, START)
    for week in range(5):
        for name, made in (("fits", fits), ("tight", tight)):
            yield f"plan {name}, week {week}", PlanShown(learner, pack, BOOKING, made, slots(pack), START, week)
    for week in range(4):
        yield f"plan at home, week {week}", PlanShown(learner, pack, at_home, fits, slots(pack), START, week)
    low = plan(pack, (60,) * 7, Energy.LOW)
    late = plan(pack, (20,) * 7, day=date(2026, 12, 9))
    yield "exam, new ones late", ExamShown(learner, pack, BOOKING, late, START)
    others = [(replace(BOOKING, when=replace(WHEN, day=date(2027, 2, 1))), pack)]
    yield "exam beside another", ExamShown(learner, pack, BOOKING, fits, START, others=others)
    yield "plan, low energy", PlanShown(learner, pack, BOOKING, low, (), START, 0)
    yield "plan file", PlanSaved(learner, pack, BOOKING, fits, slots(pack), 3, START)
    yield "plan picture", PlanDrawn(pack, BOOKING, fits, START)
    yield "plan picture of a long way", PlanDrawn(pack, BOOKING, plan(pack, (20,) * 7, day=date(2027, 6, 10)), START)


def _todays(pack: Pack, learner: Learner) -> Iterator[tuple[str, Outcome]]:
    made = plan(pack, (90,) * 7)
    stints = tuple(Stint(block, 10, done) for block, done in zip(made.on(START.date()), (0, 10, 3), strict=False))
    for kind in (one for one in BlockKind if one is not BlockKind.REST):
        block = Block(START.date(), kind, 20, "modeling" if kind is BlockKind.LEARN else None, "full")
        yield (
            f"today, {kind.value}",
            Day(learner, pack, 3, 4, 0, 10, BOOKING, made, (Stint(block, 10, 4), *stints), None, START),
        )
    yield "today, nothing planned", Day(learner, pack, 0, 0, 0, 1, BOOKING, made, (), None, START)
    done = tuple(replace(stint, done=stint.items) for stint in stints)
    missed = BattleId(7)
    yield "today, a battle missed", Day(learner, pack, 0, 0, 0, 1, BOOKING, made, (), None, START, missed)
    yield "today, all done", Day(learner, pack, 0, 0, 9, 1, BOOKING, made, done, None, START)
    yield "today, on holiday", Day(learner, pack, 0, 0, 0, 1, BOOKING, made, (), date(2026, 12, 1), START)
    yield "today, on holiday without an exam", Day(learner, pack, 0, 0, 0, 1, None, None, (), date(2026, 12, 1), START)
    week = replace(learner, week=(45, 45, 45, 45, 45, 180, 0))
    yield "settings by weekday", Choices(week, pack, START)


def _on_the_way(pack: Pack, learner: Learner) -> Iterator[tuple[str, Outcome]]:
    made, all_slots = plan(pack, (90,) * 7), slots(pack)
    for name in ("t-30", "t-14", "t-7", "t-3"):
        for missed in (0, 1, 12):
            yield (
                f"{name}, {missed} missed",
                Milestone(name, learner, pack, BOOKING, made, all_slots, 40, 153, missed, START),
            )
    concepts = tuple(ConceptId(concept) for concept in list(pack.served)[:3])
    bed = nights(BOOKING.exam(180), learner.quiet)[0].start
    where = {
        "unknown": BOOKING,
        "center": replace(BOOKING, is_remote=False, travel_minutes=40),
        "home": replace(BOOKING, is_remote=True),
    }
    for slot in {slot.kind: slot for slot in all_slots}.values():
        for place, booking in where.items():
            for items, carried, ahead in ((0, 0, None), (1, 0, all_slots[1]), (12, 6, None)):
                yield (
                    f"slot {slot.kind.value}, {place}, {items} items",
                    SlotReached(
                        slot=slot,
                        key=f"exam:{booking.id}:{slot.name}:2026-12-13",
                        learner=learner,
                        pack=pack,
                        booking=booking,
                        missed=concepts[:items],
                        items=items if slot.minutes else 0,
                        carried=carried if slot.kind is SlotKind.MISSED else 0,
                        ahead=ahead,
                        bed=None if ahead else bed,
                        now=slot.at,
                    ),
                )


def _afterwards(pack: Pack, hostile: str) -> Iterator[tuple[str, Outcome]]:
    yield "ask result", AskResult(BOOKING, pack)
    for verdict in Verdict:
        booking = replace(BOOKING, verdict=verdict)
        yield f"result {verdict.value}", ResultNoted(booking, pack, START)
        yield f"result {verdict.value}, score asked", ResultNoted(booking, pack, START, asks_score=True)
        yield f"result {verdict.value}, score known", ResultNoted(replace(booking, score=812), pack, START)
    weak = replace(BOOKING, verdict=Verdict.FAILED, weak=tuple(DomainId(one) for one in pack.domains))
    yield "result failed, all weak", ResultNoted(weak, pack, START)
    yield "no score", ResultNoted(weak, pack, START, asks_score=True, snag=Snag.NO_SCORE, given=hostile)


def _groups(pack: Pack, hostile: str) -> Iterator[tuple[str, Outcome]]:
    seat = Seat(LearnerId(1), hostile, (BOOKING,))
    yield "calendar, empty", CalendarShown([], START)
    yield "calendar", CalendarShown([(seat, [(BOOKING, pack)]), (replace(seat, bookings=()), [])], START)
    yield "calendar, full", CalendarShown([(seat, [(BOOKING, pack)])] * 80, START)
    yield "cheer", Cheer(hostile, BOOKING, pack)
    parts = (("training", 0, 0), ("tuning", 5, 6), ("", 3, 4))
    open_ = [
        Check(
            id_,
            is_ticked=False,
            have=0,
            want=4,
            scope="kinesis-family",
            parts=parts,
        )
        for id_ in CheckId
    ]
    yield "checks, none", Readied(open_, pack, None, pack.outline.domains, START)
    yield (
        "checks, all",
        Readied([replace(one, is_ticked=True) for one in open_], pack, BOOKING, pack.outline.domains, START),
    )
    untaught = [replace(one, scope="") for one in open_]
    yield "checks, nothing to practice", Readied(untaught, pack, BOOKING, pack.outline.domains, START)
    by_domain = [replace(one, scope=pack.outline.domains[0].id) for one in open_]
    yield "checks, a domain", Readied(by_domain, pack, BOOKING, pack.outline.domains, START)


def plan(pack: Pack, week: tuple[int, ...], energy: Energy | None = None, day: date = EXAM_DAY) -> Plan:
    """A real plan to an exam on `day`, made at the dialogues' start."""
    return make_plan(
        Terms(
            today=START.date(),
            exam=exam(day),
            home="Europe/Berlin",
            quiet=(time(22), time(7)),
            week=week,
            weights=tuple((domain.id, domain.weight) for domain in pack.outline.domains),
            weakness=tuple((domain.id, 0.5) for domain in pack.outline.domains),
            new=153,
            due=12,
            energy=energy,
        )
    )


def exam(day: date = EXAM_DAY) -> Exam:
    """The exam that all of this is about."""
    return Exam(day, WHEN.clock, WHEN.zone, 180)


def slots(pack: Pack) -> tuple[Slot, ...]:
    """The appointments of its last 72 hours."""
    return compile_slots(BOOKING.exam(pack.exam.minutes), START, (time(22), time(7)), lambda _: 180)
