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
from bot.domain.ids import PackId
from bot.domain.learner import Learner
from bot.domain.pack import Pack
from bot.domain.remind import Push, Unwelcome
from bot.ports import Atlas, Store, Turn
from bot.present.message import message
from bot.present.words import words_for
from bot.usecases import join, practice, remind, report
from bot.usecases.outcome import Hitch, Hitched, Outcome, Unclear, Word
from bot.usecases.scope import nearest, scopes

Clock = Callable[[], datetime]  # the instant, aware, UTC
MOST_SUGGESTIONS = 25
LIKE_A_COMMAND = 70  # of 100
GIVES_A_VALUE = (wants.Say, wants.Choose, wants.Open, wants.Skip, wants.Start)
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
            turn = Turn(self._clock(), work, self._packs, self._atlas, self._rng)
            learner = work.learner_of(incoming.person)
            is_new = learner is None
            if not incoming.place.is_private:
                outcome: Outcome = Word.IN_PRIVATE
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
            return [Replace(shown) if incoming.is_tap else Show(shown)]
        stands = message(outcome.stands, words) if isinstance(outcome, Hitched) and outcome.stands else None
        return [Replace(stands), shown] if isinstance(stands, View) and incoming.is_tap else [shown]

    def compose(self, push: Push) -> View | Unwelcome:
        """The message of a booked push as of now, or why it had better not go; the same question if asked twice."""
        with self._store.begin() as work:
            learner = work.learner(push.learner)
            if learner is None:
                return Unwelcome.FORGOTTEN
            turn = Turn(self._clock(), work, self._packs, self._atlas, self._rng)
            outcome = remind.compose(turn, learner, push)
        if isinstance(outcome, Unwelcome):
            return outcome
        shown = message(outcome, words_for(learner.locale))
        assert isinstance(shown, View)  # noqa: S101 - a push is never a notice
        return shown

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
            return join.open_picker(turn, learner, field)
        case wants.Choose(field, value):
            return join.choose(turn, learner, field, value)
        case wants.Settings():
            return join.show_choices(turn, learner)
        case wants.Practice(scope, size):
            return practice.practice(turn, learner, scope, size, incoming.key)
        case wants.Review():
            return practice.review(turn, learner, incoming.key)
        case wants.Next(ask):
            return practice.following(turn, learner, ask)
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
        case wants.Say(text):
            return _said(turn, learner, text)
        case wants.Unknown(text):
            return _unknown(text, is_tap=incoming.is_tap)
        case _:
            assert_never(intent)


def _said(turn: Turn, learner: Learner, text: str) -> Outcome:
    """Words are the value that was asked for, or an answer in letters, or nothing we know."""
    if learner.awaits is not None and text:
        return join.choose(turn, learner, learner.awaits, text)
    letters = "".join(filter(str.isalnum, text))
    is_answer = letters.isascii() and letters.isalpha() and len(text) <= LIKE_AN_ANSWER
    answered = practice.answer_in_letters(turn, learner, letters) if is_answer else None
    return answered or Unclear(text[:60], is_command=False)


def _unknown(text: str, *, is_tap: bool) -> Outcome:
    if is_tap:
        return Hitched(Hitch.GONE)
    near = process.extractOne(text.lower(), list(BY_NAME), score_cutoff=LIKE_A_COMMAND)
    return Unclear(text[:60], is_command=True, near=near[0] if near else None)
