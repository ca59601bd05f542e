"""The eight last checks, each from open to ticked by what a candidate really does."""

from dataclasses import replace

import pytest

from bot.chat import intent as wants
from bot.domain.ids import PackId
from bot.domain.pack import Pack, Readiness
from bot.usecases.dated import Check, CheckId, Readied
from bot.usecases.outcome import Asked, EmptyScope, Graded
from tests.content.good import bank, build
from tests.store.engines import on_sqlite
from tests.usecases.room import Guest, Room

PACK = PackId("mls-c01")


@pytest.fixture
def small(room: Room) -> Pack:
    """Two domains of thirty concepts and one topic each, an exam of ten questions; what the checks look at is named."""
    data = bank()
    data["outline"]["id"] = PACK
    data["outline"]["readiness"] = {
        "core": {"training": ["training"], "tuning": ["streams"]},
        "metrics": ["training"],
        "deployment": {"options": ["streams"]},
        "streaming": ["streams"],
    }
    room.packs[PACK] = build(data)
    return room.packs[PACK]


def check(guest: Guest, id_: CheckId) -> Check:
    outcome = guest.says("/ready")
    assert isinstance(outcome, Readied)
    return next(one for one in outcome.checks if one.id is id_)


def answers(guest: Guest, line: str, *verdicts: bool) -> None:
    """Answers questions of a new session, right or wrong."""
    assert isinstance(guest.says(line), Asked), guest.outcome
    for number, right in enumerate(verdicts):
        if number:
            guest.taps(wants.Next)
        guest.answers(right=right)
        assert isinstance(guest.outcome, Graded)


def takes_a_set(guest: Guest, size: int, most: int | None = None) -> None:
    guest.does(wants.Work("set", "", size), is_tap=True)
    for number in range(most or size):
        if number:
            guest.taps(wants.Next)
        guest.answers()


@on_sqlite
def test_before_the_first_answer_all_eight_are_open_and_each_has_its_shortest_way(guest: Guest, room: Room) -> None:
    guest.says("/help")
    outcome = guest.says("/ready")
    assert isinstance(outcome, Readied)
    assert [one.id for one in outcome.checks] == list(CheckId)
    assert [one.is_ticked for one in outcome.checks] == [False] * 8
    for one in outcome.checks:
        if one.id not in (CheckId.MOCKS, CheckId.ROUTINE):
            assert one.scope, one.id
            assert not isinstance(guest.does(wants.Practice(one.scope, 1), is_tap=True), EmptyScope)
    guest.says("/ready")
    for intent in (wants.Practice, wants.Work, wants.Tick):
        before = guest.view
        guest.taps(intent)
        guest.view = before


def test_every_domain_counts_on_two_days(guest: Guest, room: Room, small: Pack) -> None:
    guest.says("/help")
    assert (check(guest, CheckId.DOMAINS).have, check(guest, CheckId.DOMAINS).scope) == (0, "data")
    answers(guest, "/quiz data 2", True, False)
    answers(guest, "/quiz models 2", True, False)
    assert check(guest, CheckId.DOMAINS).have == 0  # one day is not two
    room.clock.waits(days=1)
    answers(guest, "/quiz data 1", False)
    found = check(guest, CheckId.DOMAINS)
    assert (found.have, found.want, found.scope, found.is_ticked) == (1, 2, "models", False)
    assert found.parts == (("data", 2, 2), ("models", 1, 2))
    answers(guest, "/quiz models 1", True)
    found = check(guest, CheckId.DOMAINS)
    assert (found.have, found.scope, found.is_ticked) == (2, "", True)


@on_sqlite
def test_the_weakest_topics_are_to_be_seen_within_three_days(guest: Guest, room: Room, small: Pack) -> None:
    guest.says("/help")
    answers(guest, "/quiz streams 1", True)
    found = check(guest, CheckId.WEAK)
    assert (found.have, found.want, found.is_ticked, found.scope) == (1, 2, False, "training")
    answers(guest, f"/quiz {found.scope} 1", False)
    assert check(guest, CheckId.WEAK).is_ticked
    room.clock.waits(days=3, minutes=1)
    found = check(guest, CheckId.WEAK)
    assert (found.have, found.is_ticked, found.scope) == (0, False, "training")  # the weaker one first
    answers(guest, "/quiz training 1", True)
    answers(guest, "/quiz streams 1", True)
    assert check(guest, CheckId.WEAK).is_ticked


def test_three_full_sets_answered_to_the_end_are_what_counts(guest: Guest, room: Room, small: Pack) -> None:
    guest.says("/help")
    takes_a_set(guest, 10, most=9)
    takes_a_set(guest, 5)
    assert check(guest, CheckId.MOCKS).have == 0
    for done in (1, 2, 3):
        room.clock.waits(days=1)
        takes_a_set(guest, 10)
        found = check(guest, CheckId.MOCKS)
        assert (found.have, found.want, found.is_ticked) == (done, 3, done == 3)


@on_sqlite
@pytest.mark.parametrize(
    ("id_", "topics"),
    [
        (CheckId.CORE, {"training": "training", "tuning": "streams"}),
        (CheckId.METRICS, {"": "training"}),
        (CheckId.DEPLOYMENT, {"options": "streams"}),
        (CheckId.STREAMING, {"": "streams"}),
    ],
)
def test_a_share_counts_from_six_answers_and_three_quarters_right(
    guest: Guest, room: Room, small: Pack, id_: CheckId, topics: dict[str, str]
) -> None:
    guest.says("/help")
    for topic in topics.values():
        answers(guest, f"/quiz {topic} 5", *[True] * 5)
    assert not check(guest, id_).is_ticked
    assert check(guest, id_).scope in topics.values()
    for topic in topics.values():
        answers(guest, f"/quiz {topic} 2", False, False)  # five of seven are 71 %
    found = check(guest, id_)
    assert found.parts == tuple((name, 5, 7) for name in topics)
    assert not found.is_ticked
    for topic in topics.values():
        answers(guest, f"/quiz {topic} 1", True)
    found = check(guest, id_)
    assert (found.is_ticked, found.scope) == (True, "")
    assert f"{6 * len(topics)}" == str(found.have)


@on_sqlite
def test_the_shortest_way_leads_to_what_is_not_understood(guest: Guest, room: Room, small: Pack) -> None:
    guest.says("/help")
    answers(guest, "/quiz training 6", *[True] * 6)
    assert check(guest, CheckId.METRICS).is_ticked
    found = check(guest, CheckId.CORE)
    assert (found.is_ticked, found.scope) == (False, "streams")


def test_the_routine_is_the_learners_own_word(guest: Guest, room: Room) -> None:
    guest.says("/ready")
    assert not check(guest, CheckId.ROUTINE).is_ticked
    for _ in range(2):
        assert isinstance(guest.does(wants.Tick("ready:routine"), is_tap=True), Readied)
    assert check(guest, CheckId.ROUTINE).is_ticked
    stranger = room.person("2")
    assert not check(stranger, CheckId.ROUTINE).is_ticked


@on_sqlite
@pytest.mark.parametrize("name", ["", "ready:", "ready:mocks", "exam:1:set-2:2026-12-13", "x" * 60, "💥", "\x00"])
def test_a_forged_tick_ticks_nothing(guest: Guest, name: str) -> None:
    guest.says("/help")
    outcome = guest.does(wants.Tick(name), is_tap=True)
    assert isinstance(outcome, Readied)
    assert not any(one.is_ticked for one in outcome.checks)


@on_sqlite
def test_an_answer_without_saying_how_sure_counts(guest: Guest, room: Room, small: Pack) -> None:
    guest.says("/help")
    guest.says("/quiz streams 1")
    guest.answers(confidence=None)
    assert check(guest, CheckId.STREAMING).parts == (("", 1, 1),)


@on_sqlite
def test_what_a_pack_does_not_name_is_no_check(guest: Guest, room: Room, small: Pack) -> None:
    outline = small.outline.model_copy(update={"readiness": Readiness()})
    room.packs[PACK] = Pack(outline, small.topics)
    outcome = guest.says("/ready")
    assert isinstance(outcome, Readied)
    assert [one.id for one in outcome.checks] == [CheckId.DOMAINS, CheckId.WEAK, CheckId.MOCKS, CheckId.ROUTINE]


@on_sqlite
def test_all_eight_are_ticked_by_following_the_shortest_way(guest: Guest, room: Room, small: Pack) -> None:
    guest.says("/help")
    for _ in range(60):
        outcome = guest.says("/ready")
        assert isinstance(outcome, Readied)
        open_ = next((one for one in outcome.checks if not one.is_ticked), None)
        if open_ is None:
            break
        if open_.scope:
            guest.taps(wants.Practice)
            guest.answers()
        elif open_.id is CheckId.MOCKS:
            guest.taps(wants.Work)
            for _ in range(9):
                guest.answers()
                guest.taps(wants.Next)
            guest.answers()
        else:
            guest.taps(wants.Tick)
        room.clock.waits(hours=3)
    outcome = guest.says("/ready")
    assert isinstance(outcome, Readied)
    assert [one.is_ticked for one in outcome.checks] == [True] * 8
    assert guest.view.buttons == ()


@on_sqlite
def test_another_packs_answers_tick_nothing_here(guest: Guest, room: Room, small: Pack) -> None:
    other = PackId("other")
    room.packs[other] = replace(small, outline=small.outline.model_copy(update={"id": other}))
    guest.says("/help")
    answers(guest, "/quiz streams 6", *[True] * 6)
    assert check(guest, CheckId.STREAMING).is_ticked
    guest.says("/settings")
    with room.database.begin() as work:
        made = work.learner_of(guest.who)
        assert made is not None
        work.save(replace(made, pack=other))
    assert not check(guest, CheckId.STREAMING).is_ticked
