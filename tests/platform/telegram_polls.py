"""Polls and quizzes as sendPoll makes them, and the votes in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.platform.telegram_limits import LIMIT
from tests.platform.telegram_params import Params
from tests.platform.telegram_world import Json, bad_request


@dataclass(slots=True, eq=False)
class Box:
    """The votes of a poll that was sent."""

    poll: Json  # as the message shows it
    closes_at: float | None  # the server's monotonic clock; None = when it is stopped
    is_hidden: bool  # nobody sees how many voted for what before it closes
    votes: dict[int, list[int]] = field(default_factory=dict)  # places by person

    def vote(self, person: int, options: Sequence[str], now: float) -> list[int]:
        """Takes a person's vote for options by their text or its beginning; gives their places.

        Raises:
            AssertionError: Telegram's apps don't let anybody do this.
        """
        places = sorted(map(self._place, options))
        assert not self.is_over(now), "the poll is closed"
        may_again = self.poll["allows_revoting"]
        assert person not in self.votes or may_again, "there is a vote already, and no other one after it"
        assert places or person in self.votes, "there is no vote to take back"
        assert len(places) < 2 or self.poll["allows_multiple_answers"], "the poll takes one option of each"
        self.votes.pop(person, None)
        if places:
            self.votes[person] = places
        self._count()
        return places

    def is_over(self, now: float) -> bool:
        """Whether it is closed, be it by its time."""
        if not self.poll["is_closed"] and self.closes_at is not None and now >= self.closes_at:
            self.close()
        return bool(self.poll["is_closed"])

    def close(self) -> None:
        """Ends the voting; what was hidden is seen."""
        self.poll["is_closed"] = True
        self._count()

    def _count(self) -> None:
        self.poll["total_voter_count"] = len(self.votes)
        if self.is_hidden and not self.poll["is_closed"]:
            return
        for place, option in enumerate(self.poll["options"]):
            option["voter_count"] = sum(place in places for places in self.votes.values())

    def _place(self, text: str) -> int:
        texts = [option["text"] for option in self.poll["options"]]
        exact = [place for place, option in enumerate(texts) if option == text]
        found = exact or [place for place, option in enumerate(texts) if option.startswith(text)]
        assert len(found) == 1, f"{len(found)} options begin with {text!r}; there are {texts}"
        return found[0]


def new_box(p: Params, poll: Json, clock: float, now: int) -> Box:
    """What a poll sent at this time takes votes in."""
    closes_in = poll.get("open_period") or (poll["close_date"] - now if "close_date" in poll else None)
    return Box(poll, None if closes_in is None else clock + closes_in, p.flag("hide_results_until_closes"))


def new_poll(p: Params, number: int, now: int) -> Json:
    """The Poll object of a sendPoll request.

    Raises:
        RefusedError: a text, a count or a time beyond its limit.
    """
    question = _within(p.text("question").strip(), "poll_question_max", "poll question length must not exceed {}")
    options = _options(p.structure("options") or [])
    is_quiz = p.text("type", "regular") == "quiz"
    out: Json = {
        "id": str(5_000_000_000 + number),
        "question": question,
        "options": [
            {"persistent_id": str(index), "text": text, "voter_count": 0} for index, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": p.flag("is_closed"),
        "is_anonymous": p.flag("is_anonymous", default=True),
        "type": "quiz" if is_quiz else "regular",
        "allows_multiple_answers": p.flag("allows_multiple_answers"),
        "allows_revoting": p.flag("allows_revoting", default=not is_quiz),
        "members_only": p.flag("members_only"),
    }
    if is_quiz:
        out |= _solution(p, len(options))
    if p.text("description"):
        words = p.words("description", mode="description_parse_mode", entities="description_entities")
        out["description"] = _within(words.text, "poll_description_max", "poll description is too long")
        out["description_entities"] = words.entities
    return out | _closing(p, now)


def _within(text: str, limit: str, refusal: str) -> str:
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > LIMIT[limit]:
        raise bad_request(refusal.format(LIMIT[limit]))
    return text


def _options(given: list[Any]) -> list[str]:
    texts = [str(option if isinstance(option, str) else option.get("text", "")).strip() for option in given]
    if not texts:
        raise bad_request("poll must have at least one answer option")
    if len(texts) > LIMIT["poll_options_max"]:
        raise bad_request(f"poll can't have more than {LIMIT['poll_options_max']} options")
    return [_within(text, "poll_option_max", "poll options length must not exceed {}") for text in texts]


def _solution(p: Params, options: int) -> Json:
    right = p.structure("correct_option_ids")
    if right is None and p.text("correct_option_id"):
        right = [p.integer("correct_option_id", -1)]
    if not right:
        raise bad_request("correct quiz option list must be non-empty")
    if right != sorted(set(right)):
        raise bad_request("correct quiz option list must be increasing")
    if not 0 <= right[0] <= right[-1] < options:
        raise bad_request("wrong quiz correct_option_id")
    out: Json = {"correct_option_ids": right}
    if p.text("explanation"):
        words = p.words("explanation", mode="explanation_parse_mode", entities="explanation_entities")
        # The page gives these numbers, no page the words.
        if len(words.text) > LIMIT["poll_explanation_max"]:
            raise bad_request("quiz explanation is too long")
        if words.text.count("\n") > LIMIT["poll_explanation_lines_max"]:
            raise bad_request("quiz explanation has too many line feeds")
        out |= {"explanation": words.text, "explanation_entities": words.entities}
    return out


def _closing(p: Params, now: int) -> Json:
    out: Json = {}
    for name, seconds in (("open_period", p.integer("open_period")), ("close_date", p.integer("close_date") - now)):
        if not p.text(name):
            continue
        if not LIMIT["poll_open_min"] <= seconds <= LIMIT["poll_open_max"]:
            raise bad_request("invalid poll auto-close time")  # the words are a guess
        out[name] = p.integer(name)
    if len(out) > 1:
        raise bad_request("invalid poll auto-close time")
    return out
