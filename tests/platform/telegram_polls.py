"""Polls and quizzes as sendPoll makes them."""

from typing import Any

from tests.platform.telegram_limits import LIMIT
from tests.platform.telegram_params import Params
from tests.platform.telegram_world import Json, bad_request


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
