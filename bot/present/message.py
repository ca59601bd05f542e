"""From an outcome to what is shown: the one place that knows which words go with what happened."""

from typing import assert_never

from bot.chat.view import Notice, View
from bot.present import choices, question, report
from bot.present.words import Words
from bot.usecases.outcome import (
    Asked,
    Choices,
    Day,
    EmptyScope,
    Finished,
    Graded,
    Hitched,
    Locked,
    NoSuchScope,
    NothingDue,
    Outcome,
    Picker,
    Pushed,
    Ready,
    Standings,
    Unclear,
    Word,
)


def message(outcome: Outcome, words: Words) -> View | Notice:  # noqa: C901 - one line an outcome
    """The view of an outcome, or a notice where nothing changed."""
    match outcome:
        case Asked(posed):
            return question.question(posed, words)
        case Locked(posed):
            return question.locked(posed, words)
        case Graded():
            return question.verdict(outcome, words)
        case Finished():
            return question.finished(outcome, words)
        case Pushed():
            return question.pushed(outcome, words)
        case Picker():
            return choices.picker(outcome, words)
        case Ready():
            return choices.ready(outcome, words)
        case Choices():
            return choices.choices(outcome, words)
        case Day():
            return report.today(outcome, words)
        case Standings():
            return report.progress(outcome, words)
        case NothingDue():
            return report.nothing_due(outcome, words)
        case NoSuchScope():
            return report.no_such_scope(outcome, words)
        case EmptyScope():
            return report.empty_scope(outcome, words)
        case Word():
            return report.word(outcome, words)
        case Unclear():
            return report.unclear(outcome, words)
        case Hitched():
            return report.hitch(outcome, words)
        case _:
            assert_never(outcome)
