"""The one door: an incoming event in, replies out, one transaction between."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
from bot.domain.battle import PUT_OFF, Battle
from bot.domain.booking import Room
from bot.domain.ids import PackId
from bot.domain.learner import Field, Learner
from bot.domain.pace import KEPT_FREE, ROOM, lane
from bot.domain.pack import Pack
from bot.domain.remind import BATTLE, EXAM, Push, Unwelcome
from bot.ports import Atlas, Store, Turn, Work
from bot.present.message import message
from bot.present.words import words_for
from bot.usecases import (
    assess,
    book,
    count_down,
    deal,
    debrief,
    fight,
    gather,
    guide,
    join,
    keep,
    muster,
    plan,
    postpone,
    practice,
    rank,
    referee,
    remind,
    report,
    rest,
)
from bot.usecases.dated import CalendarShown
from bot.usecases.fought import Bar, Barred, BoardShown, DailyShown, Noted, Told
from bot.usecases.outcome import Hitch, Hitched, Outcome, Unclear, Word
from bot.usecases.scope import nearest, scopes

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]  # the instant, aware, UTC
MOST_SUGGESTIONS = 25
LIKE_A_COMMAND = 70  # of 100
GIVES_A_VALUE = (wants.Say, wants.Choose, wants.Open, wants.Skip, wants.Start, wants.Schedule, wants.Book)
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
            if isinstance(incoming.intent, wants.IN_A_GROUP) and (room or isinstance(incoming.intent, wants.Vote)):
                outcome: Outcome = self._in_group(turn, learner, incoming, room)
                if room and _speaks(incoming, outcome) and not _may_speak(turn, room, incoming):
                    is_done = isinstance(incoming.intent, wants.ShowMe)  # and the calendar shows it next time
                    outcome = Noted(Told.ARRANGED) if is_done else Barred(Bar.LIVELY)
            elif not incoming.place.is_private:
                outcome = Word.IN_PRIVATE
            elif learner is None and isinstance(incoming.intent, wants.Forget | wants.Erase | wants.Keep):
                outcome = Word.NOTHING_TO_FORGET
            else:
                if learner is None:
                    learner = work.enroll(incoming.person, incoming.place, self._default.id, incoming.locale, turn.now)
                else:
                    is_new = work.found_at(incoming.person, incoming.place)  # played in a group before
                    learner = join.speaks(turn, learner, incoming.locale)
                if learner.awaits and not isinstance(incoming.intent, GIVES_A_VALUE):
                    learner = join.leave(turn, learner)
                outcome = _outcome(turn, learner, incoming, is_new=is_new)
        words = words_for(incoming.locale or (learner.locale if learner else ""))
        shown = message(outcome, words)
        if isinstance(shown, View):
            if outcome is Word.IN_PRIVATE and incoming.is_tap:
                return [Notice(shown.text)]  # a group's message is not one person's to replace
            is_public = isinstance(outcome, CalendarShown | BoardShown)  # a group's, so for all of it
            replaces = incoming.is_tap and shown.attached is None and not _stays(incoming.intent)
            return [Replace(shown) if replaces else Show(shown, is_public)]
        stands = message(outcome.stands, words) if isinstance(outcome, Hitched) and outcome.stands else None
        return [Replace(stands), shown] if isinstance(stands, View) and incoming.is_tap else [shown]

    def _in_group(self, turn: Turn, learner: Learner | None, incoming: Incoming, room: Room | None) -> Outcome:
        """What a group wants; whoever looks on is not enrolled by it, whoever plays is."""
        intent = incoming.intent
        match intent:
            case wants.ShowMe(on) if room:
                return gather.show_me(turn, learner, room, incoming.name, on=on)
            case wants.Calendar() if room:
                return gather.calendar(turn, room)
            case wants.Board(span, domain) if room:
                return rank.board(turn, room, span, domain)
        if learner is None:
            pack, place = self._default.id, replace(incoming.place, is_private=False)  # they have not written to us yet
            learner = turn.work.enroll(incoming.person, place, pack, incoming.locale, turn.now)
        if isinstance(intent, wants.Vote):
            return fight.vote(turn, learner, incoming, intent.poll, intent.places)
        assert room is not None  # noqa: S101 - a vote alone comes from nowhere
        return _fought(turn, learner, incoming, room)

    def compose(self, push: Push) -> View | Unwelcome:
        """The message of a booked push as of now, or why it had better not go; the same question if asked twice."""
        with self._store.begin() as work:
            if push.kind == BATTLE:
                told = referee.compose(self._turn(work), push)
                return told if isinstance(told, Unwelcome) else _view(told[0], told[1])
            learner = work.learner(push.learner)
            if learner is None:
                return Unwelcome.FORGOTTEN
            turn = self._turn(work)
            compose = count_down.compose if push.kind == EXAM else remind.compose
            outcome = compose(turn, learner, push)
        if isinstance(outcome, Unwelcome):
            return outcome
        return _view(outcome, learner.locale)

    def book_due(self, most: int) -> int:
        """Moves what is due into the outbox, up to `most` of a kind in a transaction; how many were due."""
        with self._store.outbox() as outbox:
            due = count_down.book_exams(outbox, self._packs, self._clock(), most)
        with self._store.outbox() as outbox:
            return due + remind.book_due(outbox, self._clock(), most)

    def replan_due(self, most: int) -> int:
        """Renews up to `most` plans whose night has come; how many were due."""
        return plan.replan_due(self._store, self._turn, self._clock(), most)

    def fight_due(self, most: int) -> datetime | None:
        """Leads up to `most` battles on, and opens daily questions; when the next one is due.

        One that can't go on is put off, and keeps no other.
        """
        for _ in range(most):
            if not rank.ask_daily(self._store, self._turn, self._clock()):
                break
        for _ in range(most):
            battle: Battle | None = None
            try:
                with self._store.begin() as work:
                    turn = self._turn(work)
                    battle = work.due_battle(turn.now)
                    if battle is None:
                        return work.next_wake()
                    referee.step(turn, battle)
            except Exception:
                if battle is None:  # the database is away
                    raise
                log.exception("battle %s can't go on; it is tried again in a minute", battle.id)
                with self._store.begin() as work:
                    work.put_off(battle.id, self._clock() + PUT_OFF)
        return self._clock()

    def keep_answers(self, most: int) -> int:
        """Writes up to `most` answers from battles into their players' own memory; how many there were."""
        return keep.keep_answers(self._store, self._turn, most)

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

    def moved(self, platform: str, chat: str, to: str) -> None:
        """A group has another id from now on."""
        with self._store.outbox() as outbox:
            outbox.moved(platform, chat, to)

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
        case wants.Calendar() | wants.ShowMe() | wants.Board() | wants.Daily() | wants.Vote() | wants.Rematch():
            return Word.IN_A_GROUP
        case (
            wants.Battle() | wants.Enter() | wants.Leave() | wants.Arrange() | wants.Begin() | wants.Stop()
            | wants.Strike() | wants.Replay() | wants.Rank()
        ):  # fmt: skip
            return _fought(turn, learner, incoming, Room(incoming.person.platform, incoming.place.chat))
        case wants.Say(text):
            return _said(turn, learner, text)
        case wants.Unknown(text):
            return _unknown(text, is_tap=incoming.is_tap)
        case _:
            assert_never(intent)


def _fought(turn: Turn, learner: Learner, incoming: Incoming, room: Room) -> Outcome:  # noqa: C901 - one line an intent
    """What somebody wants of a battle in this room, or in their private chat."""
    match incoming.intent:
        case wants.Strike(battle, number, place):
            return fight.strike(turn, learner, incoming, battle, room, number, place)
        case wants.Battle(text):
            return muster.battle(turn, learner, incoming, room, text)
        case wants.Enter(battle, team):
            return muster.enter(turn, learner, incoming, battle, room, team)
        case wants.Leave(battle):
            return muster.leave(turn, learner, battle, room)
        case wants.Arrange(battle, rule, value):
            return muster.arrange(turn, learner, incoming, battle, room, rule, value)
        case wants.Begin(battle):
            return muster.begin(turn, learner, incoming, battle, room)
        case wants.Stop(battle):
            return muster.stop(turn, learner, incoming, battle, room)
        case wants.Rematch(battle, scope):
            return muster.rematch(turn, learner, incoming, battle, room, scope)
        case wants.Replay(battle):
            return muster.replay(turn, learner, incoming, battle)
        case wants.Rank(on):
            return rank.show_me(turn, learner, on=on)
        case wants.Daily(text):
            return rank.daily(turn, learner, incoming, room, text)
        case _:
            raise ValueError(incoming.intent)


def _stays(intent: Intent) -> bool:
    """Whether the message that was tapped is no page to turn: how a battle ended, below which its board is shown."""
    return isinstance(intent, wants.Board) and not intent.span


def _speaks(incoming: Incoming, outcome: Outcome) -> bool:
    """Whether the answer is one more message or edit in the group."""
    if isinstance(outcome, CalendarShown | BoardShown | DailyShown):
        return True
    is_receipt = isinstance(outcome, Noted) and outcome.comes_by_itself
    return incoming.place.is_loud and not incoming.is_tap and not is_receipt


def _may_speak(turn: Turn, room: Room, incoming: Incoming) -> bool:
    """Whether the group bears one more message now: answers to commands share its pace with all else."""
    here = lane(incoming.person.platform, room.chat)
    if not incoming.place.is_loud:  # no message of ours to its platform: by its own, or it would hold up a question
        here = f"{here}/answers"
    return turn.work.take_slot(here, turn.now, ROOM.spacing_s, ROOM.burst - KEPT_FREE)


def _view(outcome: Outcome, locale: str) -> View:
    shown = message(outcome, words_for(locale))
    assert isinstance(shown, View)  # noqa: S101 - what is delivered is never a notice
    return shown


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
