"""A battle, in words: which page shows what, and the short answers to taps."""

from math import ceil
from typing import assert_never

from bot.chat.view import Notice, View
from bot.present.final import board_shown, daily_shown, final_shown
from bot.present.layout import letters
from bot.present.lobby import lobby
from bot.present.roster import color, name, shortened
from bot.present.round import result_shown, round_shown, waiting
from bot.present.words import Words
from bot.usecases.fought import (
    Bar,
    Barred,
    BoardShown,
    DailyShown,
    FinalShown,
    FoughtOutcome,
    Lobby,
    Noted,
    Refused,
    ResultShown,
    RoundShown,
    Waiting,
)

LONGEST = 200  # characters of a notice
LONGEST_GIVEN = 40  # characters of what is quoted back
MINUTE = 60


def fought(outcome: FoughtOutcome, words: Words) -> View | Notice:  # noqa: C901 - one line an outcome
    """The view of an outcome, or a notice to the one who acted."""
    match outcome:
        case Noted():
            return noted(outcome, words)
        case Refused():
            return refused(outcome, words)
        case Barred():
            return barred(outcome, words)
        case Lobby():
            return lobby(outcome, words)
        case RoundShown():
            return round_shown(outcome, words)
        case ResultShown():
            return result_shown(outcome, words)
        case Waiting():
            return waiting(outcome, words)
        case FinalShown():
            return final_shown(outcome, words)
        case BoardShown():
            return board_shown(outcome, words)
        case DailyShown():
            return daily_shown(outcome, words)
        case _:
            assert_never(outcome)


def noted(outcome: Noted, words: Words) -> Notice:
    """What was done."""
    places = sorted(outcome.places)
    text = words(
        f"battle-told-{outcome.told.value}",
        letters=letters(places),
        n=len(places),
        wanted=outcome.wanted,
        team="" if outcome.team is None else color(outcome.team),
        has="none" if outcome.team is None else "team",
    )
    return Notice(text, is_receipt=outcome.comes_by_itself)


def refused(outcome: Refused, words: Words) -> Notice:
    """Why a tap changed nothing."""
    places = sorted(outcome.places)
    return Notice(words(f"battle-no-{outcome.no.value}", letters=letters(places), n=len(places)))


def barred(outcome: Barred, words: Words) -> Notice:
    """Why there is no battle, and what to do instead."""
    given = name(shortened(outcome.given, LONGEST_GIVEN))
    wait = _wait(outcome.wait_s, words)
    near = [name(shortened(one, LONGEST_GIVEN)) for one in outcome.near]
    for count in range(len(near), -1, -1):  # as many as there is room for
        hints = ", ".join(near[:count])
        text = words(
            f"battle-bar-{outcome.bar.value}", given=given, near=hints, has="some" if hints else "none", when=wait
        )
        if len(text) <= LONGEST:
            break
    return Notice(text, is_receipt=outcome.bar is Bar.LIVELY)  # where it would be one message more, it is not said


def _wait(seconds: int, words: Words) -> str:
    if seconds <= MINUTE:
        return words("battle-when-seconds", n=max(1, seconds))
    return words("when-minutes", n=ceil(seconds / MINUTE))
