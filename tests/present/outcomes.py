"""Every outcome that `present` can be given: those of the adapters' gallery and the ones that make no view."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.learner import Field
from bot.domain.pack import ExamStatus, Pack
from bot.usecases.outcome import Hitch, Hitched, NothingDue, Outcome, Picker, Refusal
from tests.adapters.gallery import LEARNER, outcomes, packs
from tests.dialogues.chat import START

WAITS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=1), timedelta(hours=5))


def every_outcome() -> Iterator[tuple[str, Outcome]]:
    """Named outcomes, each kind in each of its states."""
    yield from outcomes()
    for hitch in Hitch:
        for wanted in range(1, 6):
            yield f"hitch {hitch.value} {wanted}", Hitched(hitch, wanted)
    for wait in WAITS:
        yield f"due in {wait}", NothingDue(START + wait, START)
    yield "retiring", Picker(Field.PACK, LEARNER, (retiring(packs()[0]),), START)
    yield "pushes into quiet", Picker(Field.PUSHES, LEARNER, packs(), START, Refusal.IN_QUIET_HOURS, "on")


def retiring(pack: Pack) -> Pack:
    """The same pack while its exam can still be sat."""
    exam = pack.exam.model_copy(update={"status": ExamStatus.RETIRING})
    return replace(pack, outline=pack.outline.model_copy(update={"exam": exam}))
