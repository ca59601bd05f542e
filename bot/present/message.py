"""From an outcome to what is shown: the one place that knows which words go with what happened."""

from typing import assert_never

from bot.chat.view import Notice, View
from bot.present import battle, cards, choices, countdown, exam, guide, plan, question, ready, report
from bot.present.words import Words
from bot.usecases.dated import (
    AskCancel,
    AskPause,
    AskResult,
    AskTravel,
    AskWhen,
    AskZone,
    CalendarShown,
    Canceled,
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
    Snoozed,
)
from bot.usecases.fought import (
    Barred,
    BoardShown,
    DailyShown,
    FinalShown,
    Lobby,
    Noted,
    Refused,
    ResultShown,
    RoundShown,
    Waiting,
)
from bot.usecases.outcome import (
    AskDomain,
    Asked,
    Choices,
    Day,
    Dealt,
    EmptyScope,
    Finished,
    Graded,
    Guided,
    HandPlayed,
    Hitched,
    LabShown,
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
        case AskWhen():
            return exam.ask_when(outcome, words)
        case AskZone():
            return exam.ask_zone(outcome, words)
        case Confirm():
            return exam.confirm(outcome, words)
        case ExamShown():
            return exam.shown(outcome, words)
        case AskCancel():
            return exam.ask_cancel(outcome, words)
        case Canceled():
            return exam.canceled(outcome, words)
        case AskTravel():
            return exam.ask_travel(outcome, words)
        case NoExam():
            return exam.no_exam(outcome, words)
        case AskResult():
            return exam.ask_result(outcome, words)
        case ResultNoted():
            return exam.result_noted(outcome, words)
        case PlanShown():
            return plan.plan_shown(outcome, words)
        case PlanSaved():
            return plan.plan_saved(outcome, words)
        case PlanDrawn():
            return plan.plan_drawn(outcome, words)
        case AskPause():
            return plan.ask_pause(outcome, words)
        case Paused():
            return plan.paused(outcome, words)
        case Energized():
            return plan.energized(outcome, words)
        case Milestone():
            return countdown.milestone(outcome, words)
        case SlotReached():
            return countdown.slot_reached(outcome, words)
        case Cheer():
            return countdown.cheer(outcome, words)
        case Snoozed():
            return countdown.snoozed(outcome, words)
        case Readied():
            return ready.readied(outcome, words)
        case CalendarShown():
            return ready.calendar_shown(outcome, words)
        case Dealt():
            return cards.dealt(outcome, words)
        case HandPlayed():
            return cards.hand_played(outcome, words)
        case Guided():
            return guide.guided(outcome, words)
        case AskDomain():
            return guide.ask_domain(outcome, words)
        case LabShown():
            return guide.lab_shown(outcome, words)
        case (
            Noted() | Refused() | Barred() | Lobby() | RoundShown() | ResultShown() | Waiting()
            | FinalShown() | BoardShown() | DailyShown()
        ):  # fmt: skip
            return battle.fought(outcome, words)
        case _:
            assert_never(outcome)
