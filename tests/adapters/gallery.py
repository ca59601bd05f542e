"""Every kind of message that Tminus shows, made by the real `present` from outcomes on the shipped packs.

What an adapter can show of these it can show of all: its contract test runs over `gallery()`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from io import BytesIO
from typing import assert_never

from PIL import Image

from bot.chat.intent import Plan, Today
from bot.chat.view import Button, File, Picture, Span, Style, View
from bot.domain.answer import Cause, Confidence
from bot.domain.ids import AskId, ConceptId, LearnerId, PackId, SessionId
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.learner import OF_AN_EXAM, ONBOARDING, Field, Learner
from bot.domain.pack import Entry, Pack
from bot.domain.plan import Block, BlockKind
from bot.domain.practice import Ask, AskState, Session, SessionKind
from bot.library import load_library
from bot.ports import Attempt, Tally, Town
from bot.present.message import message
from bot.present.words import words_for
from bot.settings import CHECKOUT
from bot.usecases.outcome import (
    Asked,
    Choices,
    Day,
    EmptyScope,
    Finished,
    Graded,
    Locked,
    NoSuchScope,
    NothingDue,
    Outcome,
    Picker,
    Posed,
    Pushed,
    Ready,
    Refusal,
    Standings,
    Unclear,
    Word,
)
from bot.usecases.scope import CASE
from tests.adapters.gallery_battle import of_battles
from tests.adapters.gallery_cards import beside_questions
from tests.adapters.gallery_dated import BOOKING, dated
from tests.dialogues.chat import START

LONGEST_CAPTION = 1024  # characters that `View` promises where something is attached
HOSTILE = "<b>&amp;</b> [x](y) @everyone \u202ertl\u200b 🦄"  # what a person may type and have quoted back
LEARNER = Learner(LearnerId(1), PackId("mls-c01"), "en", zone="America/Argentina/ComodRivadavia")
TOWNS = tuple(Town(f"Springfield {n}", "United States", f"America/Argentina/Town{n}") for n in range(6))


@cache
def packs() -> tuple[Pack, ...]:
    """The shipped packs."""
    return tuple(load_library(CHECKOUT / "content").packs.values())


@cache
def gallery() -> list[tuple[str, View]]:
    """Named views: one for every outcome that has a view, in each state it can be in."""
    shown = ((name, message(outcome, words_for("en"))) for name, outcome in outcomes())
    return [*((name, view) for name, view in shown if isinstance(view, View)), *attached()]


def attached() -> Iterator[tuple[str, View]]:
    """Named views with something attached, the longest that a caption may be, every word of it hostile."""
    words = ("words " * 200 + HOSTILE)[len(HOSTILE) + 1 - LONGEST_CAPTION :]
    long = (Span(HOSTILE, Style.STRONG), Span("\n"), Span(words))
    keys = ((Button(HOSTILE, Today(), primary=True), Button("Plan", Plan(1))),)
    yield "a picture", View(long, keys, Picture(png(), f"{HOSTILE} " * 40))
    yield "a picture without a word", View((), (), Picture(png(), ""))
    yield "a file", View(long, keys, File(f"../{HOSTILE}\n.ics", "text/calendar", HOSTILE.encode()))
    yield "a file without a word", View((), (), File("plan.ics", "text/calendar", b"BEGIN:VCALENDAR"))


@cache
def png(width: int = 90, height: int = 60) -> bytes:
    """A picture of that size."""
    out = BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG")
    return out.getvalue()


def outcomes() -> Iterator[tuple[str, Outcome]]:
    """Named outcomes of every kind, notices too."""
    yield from _questions()
    yield from _choices()
    yield from _standings()
    yield from dated(packs()[0], LEARNER, HOSTILE)
    yield from beside_questions(packs()[0], LEARNER, HOSTILE)
    yield from of_battles(packs()[0], HOSTILE)
    yield from ((f"word {word.value}", word) for word in Word)
    yield "unclear words", Unclear(HOSTILE, is_command=False)
    yield "unclear command", Unclear(HOSTILE, is_command=True)
    yield "unclear command, near", Unclear("quizz", is_command=True, near="quiz")


def length(view: View) -> int:
    """Characters of a view's words."""
    return len(view.text)


def _served() -> list[tuple[Pack, Entry, SingleChoice | MultipleResponse]]:
    return [
        (pack, entry, entry.item)
        for pack in packs()
        for variants in pack.served.values()
        for entry in variants
        if isinstance(entry.item, SingleChoice | MultipleResponse)
    ]


def _size(item: SingleChoice | MultipleResponse) -> int:
    said = sum(len(option.text) + len(option.why) for option in item.options)
    return len(item.stem) + said + len(item.note or "") + sum(len(str(source)) for source in item.sources)


def _pose(pack: Pack, entry: Entry, item: SingleChoice | MultipleResponse, number: int = 1) -> Posed:
    session = Session(SessionId(2**62), LEARNER.id, pack.id, SessionKind.QUIZ, "", 10, START)
    order = tuple(reversed(range(len(item.options))))
    ask = Ask(
        id=AskId(2**63 - 1),  # the longest id a button has to carry
        session=session.id,
        learner=LEARNER.id,
        item=item.item_id,
        concept=ConceptId(entry.concept.id),
        version=item.version,
        order=order,
        number=number,
        state=AskState.OPEN,
        marked=frozenset(),
        asked_at=START,
    )
    return Posed(ask, session, entry, item)


def _marked(posed: Posed, marked: frozenset[int], state: AskState) -> Posed:
    return replace(posed, ask=replace(posed.ask, marked=marked, state=state))


def _graded(
    posed: Posed, chosen: frozenset[int], *, sure: Confidence | None = Confidence.SURE, cause: Cause | None = None
) -> Graded:
    attempt = Attempt(
        ask=posed.ask.id,
        learner=LEARNER.id,
        pack=posed.session.pack,
        item=posed.item.item_id,
        concept=posed.ask.concept,
        domain=posed.entry.place.domain.domain_id,
        chosen=chosen,
        is_right=chosen == posed.item.keys,
        confidence=sure,
        took_s=30.0,
        answered_at=START,
        cause=cause,
    )
    return Graded(_marked(posed, chosen, AskState.CLOSED), attempt, _soon(), START)


def _soon() -> datetime:
    return START + timedelta(days=3)


def _questions() -> Iterator[tuple[str, Outcome]]:
    served = _served()
    kinds: dict[str, type[SingleChoice | MultipleResponse]] = {"single": SingleChoice, "multiple": MultipleResponse}
    for kind, form in kinds.items():
        posed = max((_pose(*each) for each in served if isinstance(each[2], form)), key=lambda posed: _size(posed.item))
        right = posed.item.keys
        wrong = frozenset(sorted(set(range(len(posed.item.options))) - right)[: len(right)])
        last = replace(posed, ask=replace(posed.ask, number=posed.session.size))
        yield f"longest {kind}, asked", Asked(posed)
        yield f"longest {kind}, marked", Asked(_marked(posed, right, AskState.OPEN))
        yield f"longest {kind}, locked", Locked(_marked(posed, wrong, AskState.PICKED))
        yield f"longest {kind}, right", _graded(posed, right)
        yield f"longest {kind}, right by luck", _graded(posed, right, sure=Confidence.GUESS)
        yield f"longest {kind}, wrong", _graded(posed, wrong)
        yield f"longest {kind}, wrong, cause told", _graded(posed, wrong, cause=Cause.MISREAD)
        yield f"longest {kind}, last and forgotten", replace(_graded(last, right, sure=None), due_at=None)
        yield f"longest {kind}, pushed", Pushed(posed, packs()[0], 3, is_slow=False)
        block = Block(START.date(), BlockKind.LEARN, 20, "modeling")
        planned = Pushed(
            posed, packs()[0], 3, is_slow=False, key="daily:1:2026-11-23", booking=BOOKING, days=22, block=block
        )
        yield f"longest {kind}, pushed from the plan", planned
        yield f"longest {kind}, of a set", Asked(replace(posed, minutes_left=1))
        yield f"longest {kind}, pushed slowly", Pushed(posed, packs()[0], 0, is_slow=True)
    session = _pose(*served[0]).session
    for right_answers, answers in ((0, 0), (1, 10), (8, 10), (10, 10)):
        name = f"finished, {right_answers} of {answers}"
        yield name, Finished(session, Tally(answers, right_answers), right_answers, _soon(), START, has_reminder=False)
    case = replace(session, scope=CASE)
    yield "finished, a case", Finished(case, Tally(4, 3), 0, _soon(), START, has_reminder=True)
    yield "finished, nothing due", Finished(session, Tally(10, 9), 0, _soon(), START, has_reminder=True)
    yield "nothing due", NothingDue(_soon(), START)
    yield "nothing due ever", NothingDue(None, START)
    near = tuple((topic, place.topic.title) for topic, place in list(packs()[0].places.items())[:5])
    yield "no such scope", NoSuchScope(HOSTILE, near)
    yield "no such scope, none near", NoSuchScope(HOSTILE, ())
    yield "empty scope", EmptyScope(max((title for _, title in near), key=len))


def _choices() -> Iterator[tuple[str, Outcome]]:
    pack = packs()[0]
    for field in (one for one in Field if one not in OF_AN_EXAM):
        yield f"pick {field.value}", Picker(field, LEARNER, packs(), START)
    for field in (one for one in ONBOARDING if one not in OF_AN_EXAM):
        yield f"step {field.value}", Picker(field, replace(LEARNER, step=field, awaits=field), packs(), START)
    for refusal in Refusal:
        towns = TOWNS if refusal is Refusal.SEVERAL_TOWNS else ()
        yield f"refused {refusal.value}", Picker(_asked_by(refusal), LEARNER, packs(), START, refusal, HOSTILE, towns)
    silent = replace(LEARNER, pushes_on=False, confidence_on=False, quiet=(time(0), time(0)))
    yield "pick push_time, off", Picker(Field.PUSH_TIME, silent, packs(), START)
    yield "pick quiet, none", Picker(Field.QUIET, silent, packs(), START)
    yield "ready", Ready(LEARNER, pack, START)
    yield "ready, no push", Ready(silent, pack, START)
    yield "settings", Choices(LEARNER, pack, START)
    yield "settings, changed and silent", Choices(silent, pack, START, Field.ZONE)


def _asked_by(refusal: Refusal) -> Field:
    match refusal:
        case Refusal.UNKNOWN_ZONE | Refusal.SEVERAL_TOWNS:
            return Field.ZONE
        case Refusal.NO_TIME | Refusal.IN_QUIET_HOURS:
            return Field.PUSH_TIME
        case Refusal.NO_MINUTES:
            return Field.MINUTES
        case Refusal.NO_HOURS | Refusal.HOURS_HOLD_PUSH:
            return Field.QUIET
        case Refusal.NO_SUCH_PACK:
            return Field.PACK
        case Refusal.NO_SUCH_CHOICE:
            return Field.CONFIDENCE
        case _:
            assert_never(refusal)


def _standings() -> Iterator[tuple[str, Outcome]]:
    pack = packs()[0]
    concepts = dict.fromkeys(pack.domains, 40)
    some = dict.fromkeys(pack.domains, Tally(1234, 987))
    for due, new, done in ((3, 5, 0), (1, 0, 2), (0, 7, 0), (0, 0, 20)):
        yield f"today, {due} due, {new} new, {done} done", Day(LEARNER, pack, due, new, done, LEARNER.daily_goal)
    yield "progress, begun", Standings(pack, some, dict.fromkeys(pack.domains, 30), concepts, 5)
    yield "progress, nothing due", Standings(pack, some, dict.fromkeys(pack.domains, 30), concepts, 0)
    yield "progress, nothing yet", Standings(pack, {}, {}, concepts, 0)
