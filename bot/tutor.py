"""The one door: an incoming event in, replies out, one transaction between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import assert_never

from rapidfuzz import process

from bot.chat import commands
from bot.chat import intent as wants
from bot.chat.commands import BY_NAME, Suggest
from bot.chat.incoming import Incoming, Person
from bot.chat.intent import Intent
from bot.chat.view import Notice, Replace, Reply, Show, View
from bot.domain.booking import Room
from bot.domain.ids import PackId
from bot.domain.learner import Field, Learner
from bot.domain.pack import Pack
from bot.domain.remind import EXAM, Push, Unwelcome
from bot.ports import Atlas, Store, Turn, Work
from bot.present.message import message
from bot.present.words import words_for
from bot.usecases import (
    assess,
    book,
    count_down,
    deal,
    debrief,
    gather,
    guide,
    join,
    plan,
    postpone,
    practice,
    remind,
    report,
    rest,
)
from bot.usecases.dated import CalendarShown
from bot.usecases.outcome import Hitch, Hitched, Outcome, Unclear, Word
from bot.usecases.scope import nearest, scopes

Clock = Callable[[], datetime]  # the instant, aware, UTC
MOST_SUGGESTIONS = 25
LIKE_A_COMMAND = 70  # of 100
GIVES_A_VALUE = (wants.Say, wants.Choose, wants.Open, wants.Skip, wants.Start, wants.Schedule, wants.Book)
IN_A_GROUP = (wants.Calendar, wants.ShowMe)
LIKE_AN_ANSWER = 12  # characters: "a", "b d", "(a, c)"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A command as a platform's menu lists it."""

    name: str
    about: str


class Tutor:
    """Answers people. Synchronous and safe to call from several threads, on a database that allows it."""

    def __init__(self, store: Store, packs: Mapping[PackId, Pack], atlas: Atlas, clock: Clock, rng: Random) -> None:
        self._store = store
        self._packs = packs
        self._default = next(iter(packs.values()))
        self._atlas = atlas
        self._clock = clock
        self._rng = rng

    def handle(self, incoming: Incoming) -> list[Reply]:
        """What to show for an event. The same event twice changes nothing the second time."""
        with self._store.begin() as work:
            turn = self._turn(work)
            learner = work.learner_of(incoming.person)
            is_new = learner is None
            room = Room(incoming.person.platform, incoming.place.room) if incoming.place.room else None
            if room is not None and isinstance(incoming.intent, IN_A_GROUP):
                outcome: Outcome = _in_group(turn, learner, incoming, room)  # who looks on is not enrolled by it
            elif not incoming.place.is_private:
                outcome = Word.IN_PRIVATE
            elif learner is None and isinstance(incoming.intent, wants.Forget | wants.Erase | wants.Keep):
                outcome = Word.NOTHING_TO_FORGET
            else:
                if learner is None:
                    learner = work.enroll(incoming.person, incoming.place, self._default.id, incoming.locale, turn.now)
                else:
                    work.found_at(incoming.person, incoming.place)
                    learner = join.speaks(turn, learner, incoming.locale)
                if learner.awaits and not isinstance(incoming.intent, GIVES_A_VALUE):
                    learner = join.leave(turn, learner)
                outcome = _outcome(turn, learner, incoming, is_new=is_new)
        words = words_for(incoming.locale or (learner.locale if learner else ""))
        shown = message(outcome, words)
        if isinstance(shown, View):
            if outcome is Word.IN_PRIVATE and incoming.is_tap:
                return [Notice(shown.text)]  # a group's message is not one person's to replace
            is_public = isinstance(outcome, CalendarShown)  # a group's, so for all of it
            replaces = incoming.is_tap and shown.attached is None  # what it was asked from stays
            return [Replace(shown) if replaces else Show(shown, is_public)]
        stands = message(outcome.stands, words) if isinstance(outcome, Hitched) and outcome.stands else None
        return [Replace(stands), shown] if isinstance(stands, View) and incoming.is_tap else [shown]

    def compose(self, push: Push) -> View | Unwelcome:
        """The message of a booked push as of now, or why it had better not go; the same question if asked twice."""
        with self._store.begin() as work:
            learner = work.learner(push.learner)
            if learner is None:
                return Unwelcome.FORGOTTEN
            turn = self._turn(work)
            compose = count_down.compose if push.kind == EXAM else remind.compose
            outcome = compose(turn, learner, push)
        if isinstance(outcome, Unwelcome):
            return outcome
        shown = message(outcome, words_for(learner.locale))
        assert isinstance(shown, View)  # noqa: S101 - a push is never a notice
        return shown

    def book_due(self, most: int) -> int:
        """Moves what is due into the outbox, up to `most` of a kind in a transaction; how many were due."""
        with self._store.outbox() as outbox:
            due = count_down.book_exams(outbox, self._packs, self._clock(), most)
        with self._store.outbox() as outbox:
            return due + remind.book_due(outbox, self._clock(), most)

    def replan_due(self, most: int) -> int:
        """Renews up to `most` plans whose night has come; how many were due."""
        return plan.replan_due(self._store, self._turn, self._clock(), most)

    def _turn(self, work: Work) -> Turn:
        return Turn(self._clock(), work, self._packs, self._atlas, self._rng)

    def knows(self, person: Person) -> bool:
        """Somebody who has been here before."""
        with self._store.begin() as work:
            return work.learner_of(person) is not None

    def suggest(self, person: Person, what: Suggest, text: str) -> list[tuple[str, str]]:
        """Titles and ids that complete what a person has begun to type, at most 25."""
        with self._store.begin() as work:
            learner = work.learner_of(person)
        pack = self._packs.get(learner.pack, self._default) if learner else self._default
        domains = {domain.id for domain in pack.outline.domains}
        topics = {topic for topic in scopes(pack) if topic not in domains and topic not in pack.tasks}
        wanted = domains if what is Suggest.DOMAIN else topics
        named = scopes(pack)
        found = [scope for scope, _, _ in nearest(pack, text, most=len(named))] if text.strip() else list(named)
        return [(named[scope], scope) for scope in found if scope in wanted][:MOST_SUGGESTIONS]

    def menu(self, locale: str) -> list[MenuEntry]:
        """The commands in a language, for a platform's menu."""
        words = words_for(locale)
        return [MenuEntry(command.name, words(f"command-{command.name}")) for command in commands.COMMANDS]

    def sorry(self, locale: str) -> Notice:
        """What to say when a turn failed."""
        return Notice(words_for(locale)("sorry"))


def _outcome(turn: Turn, learner: Learner, incoming: Incoming, *, is_new: bool) -> Outcome:  # noqa: C901 - one line an intent
    intent: Intent = incoming.intent
    match intent:
        case wants.Start():
            return join.start(turn, learner, is_new=is_new)
        case wants.Skip(field):
            return join.skip(turn, learner, field)
        case wants.Open(field):
            return _open(turn, learner, field)
        case wants.Choose(field, value):
            return _value(turn, learner, field, value)
        case wants.Settings():
            return join.show_choices(turn, learner)
        case wants.Practice(scope, size):
            return practice.practice(turn, learner, scope, size, incoming.key)
        case wants.Review():
            return practice.review(turn, learner, incoming.key)
        case wants.Next(ask):
            return plan.after(turn, learner, practice.following(turn, learner, ask))
        case wants.Pick(ask, place):
            return practice.pick(turn, learner, ask, place)
        case wants.Mark(ask, place, on):
            return practice.mark(turn, learner, ask, place, on=on)
        case wants.Submit(ask):
            return practice.submit(turn, learner, ask)
        case wants.Rate(ask, confidence):
            return practice.rate(turn, learner, ask, confidence)
        case wants.Blame(ask, cause):
            return practice.blame(turn, learner, ask, cause)
        case wants.Today():
            return report.today(turn, learner)
        case wants.Progress():
            return report.progress(turn, learner)
        case wants.Help():
            return Word.HELP
        case wants.Forget():
            return Word.ASK_FORGET
        case wants.Keep():
            return Word.KEPT
        case wants.Erase():
            turn.work.forget(learner.id)
            return Word.FORGOTTEN
        case wants.Exam(text):
            return book.exam(turn, learner, text)
        case wants.Schedule(value):
            return book.schedule(turn, learner, value)
        case wants.Book(value):
            return book.book(turn, learner, value)
        case wants.Unbook(booking):
            return book.ask_cancel(turn, learner, booking)
        case wants.Cancel(booking):
            return book.cancel(turn, learner, booking)
        case wants.Sit(booking, is_remote):
            return book.sit(turn, learner, booking, is_remote=is_remote)
        case wants.Log(booking, verdict):
            return debrief.log(turn, learner, booking, verdict)
        case wants.Needs(booking, domain, on):
            return debrief.needs(turn, learner, booking, domain, on=on)
        case wants.Plan(week):
            return plan.show(turn, learner, week)
        case wants.PlanFile():
            return plan.save(turn, learner)
        case wants.PlanPicture():
            return plan.draw(turn, learner)
        case wants.Work(kind, domain, size):
            return plan.work_on(turn, learner, kind, domain, size, incoming.key)
        case wants.Readiness():
            return assess.readiness(turn, learner)
        case wants.Tick(name):
            return assess.tick(turn, learner, name)
        case wants.Energize(energy):
            return rest.energize(turn, learner, energy)
        case wants.Pause(text):
            return rest.pause(turn, learner, text)
        case wants.Snooze(how, push):
            return postpone.snooze(turn, learner, how, push)
        case wants.Done(push):
            return postpone.done(turn, learner, push)
        case wants.Cards(scope):
            return deal.deal(turn, learner, scope, incoming.key)
        case wants.Flip(ask):
            return deal.flip(turn, learner, ask)
        case wants.Recall(ask, knew):
            return deal.recall(turn, learner, ask, knew=knew)
        case wants.Guide(scope, part, page):
            return guide.show(turn, learner, scope, part, page)
        case wants.Lab(name):
            return guide.lab(turn, learner, name)
        case wants.LabDone(name):
            return guide.finish_lab(turn, learner, name)
        case wants.Calendar() | wants.ShowMe():
            return Word.IN_A_GROUP
        case wants.Say(text):
            return _said(turn, learner, text)
        case wants.Unknown(text):
            return _unknown(text, is_tap=incoming.is_tap)
        case _:
            assert_never(intent)


def _in_group(turn: Turn, learner: Learner | None, incoming: Incoming, room: Room) -> Outcome:
    if isinstance(incoming.intent, wants.ShowMe):
        return gather.show_me(turn, learner, room, incoming.name, on=incoming.intent.on)
    return gather.calendar(turn, room)


def _open(turn: Turn, learner: Learner, field: Field) -> Outcome:
    """Asks for a value."""
    match field:
        case Field.EXAM:
            return book.ask_when(turn, learner)
        case Field.EXAM_ZONE:
            return book.ask_zone(turn, learner)
        case Field.TRAVEL:
            return book.ask_travel(turn, learner)
        case Field.HOLIDAY:
            return rest.pause(turn, learner, "")
        case Field.SCORE:
            return Hitched(Hitch.BEHIND)
        case _:
            return join.open_picker(turn, learner, field)


def _value(turn: Turn, learner: Learner, field: Field, value: str) -> Outcome:
    """Takes a value that was asked for."""
    match field:
        case Field.EXAM:
            return book.said(turn, learner, value)
        case Field.EXAM_ZONE:
            return book.said_zone(turn, learner, value)
        case Field.TRAVEL:
            return book.said_travel(turn, learner, value)
        case Field.HOLIDAY:
            return rest.pause(turn, learner, value)
        case Field.SCORE:
            return debrief.said_score(turn, learner, value)
        case _:
            return join.choose(turn, learner, field, value)


def _said(turn: Turn, learner: Learner, text: str) -> Outcome:
    """Words are the value that was asked for, or an answer in letters, or nothing we know."""
    if learner.awaits is not None and text:
        return _value(turn, learner, learner.awaits, text)
    letters = "".join(filter(str.isalnum, text))
    is_answer = letters.isascii() and letters.isalpha() and len(text) <= LIKE_AN_ANSWER
    answered = practice.answer_in_letters(turn, learner, letters) if is_answer else None
    return answered or Unclear(text[:60], is_command=False)


def _unknown(text: str, *, is_tap: bool) -> Outcome:
    if is_tap:
        return Hitched(Hitch.GONE)
    near = process.extractOne(text.lower(), list(BY_NAME), score_cutoff=LIKE_A_COMMAND)
    return Unclear(text[:60], is_command=True, near=near[0] if near else None)
