"""The terms of a plan: all that it is made from, kept beside the booking."""

import json
from dataclasses import dataclass
from datetime import date, time

from bot.domain.exam_day import Exam
from bot.domain.learner import Energy

VERSION = 1  # of the terms as JSON


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that a plan is made from; the same terms always make the same plan."""

    today: date  # the learner's local date on which it was made
    exam: Exam
    home: str  # the learner's zone, IANA name
    quiet: tuple[time, time]
    week: tuple[int, ...]  # minutes by weekday, Monday first
    weights: tuple[tuple[str, int], ...]  # domain id -> per cent, exam order
    weakness: tuple[tuple[str, float], ...]  # domain id -> chance of a wrong answer, 0..1
    new: int  # concepts never met
    due: int  # concepts to be reviewed
    sets_done: tuple[date, ...] = ()  # days of sets taken so far
    paused_until: date | None = None  # the first day that is studied again
    energy: Energy | None = None  # of today only
    since: date | None = None  # when the first plan was made, so that the phases stay where they are; None = today

    @property
    def start(self) -> date:
        """The first day of the phases."""
        return min(self.since or self.today, self.today)

    @property
    def mocks(self) -> int:
        """Sets taken since the plan was first made: those for an earlier try count no more."""
        return sum(self.since is None or day >= self.since for day in self.sets_done)

    def minutes_on(self, day: date) -> int:
        """The minutes of a local date, none in a pause."""
        return 0 if self.paused_until and day < self.paused_until else self.week[day.weekday()]

    def to_json(self) -> str:
        """The terms as compact JSON, with the version of its form."""
        exam = self.exam
        kept = {
            "v": VERSION,
            "today": self.today.isoformat(),
            "exam": [
                exam.day.isoformat(), exam.clock.isoformat(), exam.zone, exam.minutes,
                exam.is_remote, exam.travel_minutes,
            ],
            "home": self.home,
            "quiet": [at.isoformat() for at in self.quiet],
            "week": self.week,
            "weights": self.weights,
            "weakness": self.weakness,
            "new": self.new,
            "due": self.due,
            "sets": [day.isoformat() for day in self.sets_done],
            "paused": self.paused_until and self.paused_until.isoformat(),
            "energy": self.energy,
            "since": self.since and self.since.isoformat(),
        }  # fmt: skip
        return json.dumps(kept, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Terms":
        """The terms that `to_json` wrote.

        Raises:
            ValueError: The text is of another version, or no terms at all.
        """
        kept = json.loads(text)
        if not isinstance(kept, dict) or kept.get("v") != VERSION:
            raise ValueError("These terms were written by another version; make the plan anew.")
        try:
            day, clock, zone, minutes, is_remote, travel = kept["exam"]
            start, end = kept["quiet"]
            return cls(
                today=date.fromisoformat(kept["today"]),
                exam=Exam(date.fromisoformat(day), time.fromisoformat(clock), zone, minutes, is_remote, travel),
                home=kept["home"],
                quiet=(time.fromisoformat(start), time.fromisoformat(end)),
                week=tuple(kept["week"]),
                weights=tuple((domain, weight) for domain, weight in kept["weights"]),
                weakness=tuple((domain, weak) for domain, weak in kept["weakness"]),
                new=kept["new"],
                due=kept["due"],
                sets_done=tuple(date.fromisoformat(done) for done in kept["sets"]),
                paused_until=kept["paused"] and date.fromisoformat(kept["paused"]),
                energy=kept["energy"] and Energy(kept["energy"]),
                since=kept["since"] and date.fromisoformat(kept["since"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"These are no terms of a plan: {error!r}.") from error
