"""The text of a button: short, exact, and safe to read from anybody."""

from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat import intent as wants
from bot.chat.codec import LIMIT, decode, encode
from bot.chat.intent import Later, Tap
from bot.domain.answer import Cause, Confidence
from bot.domain.booking import Verdict
from bot.domain.guide import GuidePart
from bot.domain.ids import AskId, BattleId, BookingId
from bot.domain.learner import Energy, Field
from bot.domain.plan import BlockKind

KINDS: tuple[type, ...] = get_args(Tap)
asks = st.integers(0, 2**63 - 1).map(AskId)
places = st.integers(0, 9)
fields = st.sampled_from(Field)
slugs = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,8}){0,3}", fullmatch=True).filter(lambda text: len(text) <= 40)
values = st.one_of(slugs, st.sampled_from(["America/Argentina/ComodRivadavia", "22:00-8:00", "7:30", "off", "20", ""]))

battles = st.integers(0, 2**63 - 1).map(BattleId)
bookings = st.integers(0, 2**63 - 1).map(BookingId)
starts = st.sampled_from(
    [
        "",
        "2026-12",
        "2026-12-07..",
        "2026-12-15",
        "2026-12-15T09:30",
        "2026-12-15T09:30@America/Argentina/ComodRivadavia",
    ]
)
pushes = st.builds(
    "{}:{}:2026-12-13#{}".format,
    st.sampled_from(["daily", "exam"]),
    st.integers(0, 10**10).flatmap(lambda n: st.sampled_from([f"{n}:missed-2", f"{n}:t-30"])),
    st.integers(1, 5),
)

# A new kind of tap must say here what it is made of.
MADE_OF: dict[type, st.SearchStrategy[Tap]] = {
    wants.Start: st.builds(wants.Start),
    wants.Help: st.builds(wants.Help),
    wants.Today: st.builds(wants.Today),
    wants.Practice: st.builds(wants.Practice, st.one_of(st.just(""), slugs), st.none() | st.integers(0, 2**31)),
    wants.Review: st.builds(wants.Review),
    wants.Progress: st.builds(wants.Progress),
    wants.Settings: st.builds(wants.Settings),
    wants.Forget: st.builds(wants.Forget),
    wants.Erase: st.builds(wants.Erase),
    wants.Keep: st.builds(wants.Keep),
    wants.Pick: st.builds(wants.Pick, asks, places),
    wants.Mark: st.builds(wants.Mark, asks, places, st.booleans()),
    wants.Submit: st.builds(wants.Submit, asks),
    wants.Rate: st.builds(wants.Rate, asks, st.sampled_from(Confidence)),
    wants.Blame: st.builds(wants.Blame, asks, st.sampled_from(Cause)),
    wants.Next: st.builds(wants.Next, asks),
    wants.Open: st.builds(wants.Open, fields),
    wants.Choose: st.builds(wants.Choose, fields, values),
    wants.Skip: st.builds(wants.Skip, fields),
    wants.Exam: st.builds(wants.Exam, st.just("")),
    wants.Schedule: st.builds(wants.Schedule, starts),
    wants.Book: st.builds(wants.Book, starts),
    wants.Unbook: st.builds(wants.Unbook, bookings),
    wants.Cancel: st.builds(wants.Cancel, bookings),
    wants.Sit: st.builds(wants.Sit, bookings, st.booleans()),
    wants.Log: st.builds(wants.Log, bookings, st.sampled_from(Verdict)),
    wants.Needs: st.builds(wants.Needs, bookings, slugs, st.booleans()),
    wants.Plan: st.builds(wants.Plan, st.integers(0, 200)),
    wants.PlanFile: st.builds(wants.PlanFile),
    wants.PlanPicture: st.builds(wants.PlanPicture),
    wants.Work: st.builds(wants.Work, st.sampled_from(BlockKind).map(str), st.just("") | slugs, st.integers(0, 200)),
    wants.Readiness: st.builds(wants.Readiness),
    wants.Tick: st.builds(wants.Tick, st.just("ready:routine")),
    wants.Energize: st.builds(wants.Energize, st.none() | st.sampled_from(Energy)),
    wants.Pause: st.builds(wants.Pause, st.sampled_from(["", "off", "2027-01-03"])),
    wants.Snooze: st.builds(wants.Snooze, st.sampled_from(Later), pushes),
    wants.Done: st.builds(wants.Done, pushes),
    wants.Calendar: st.builds(wants.Calendar),
    wants.ShowMe: st.builds(wants.ShowMe, st.booleans()),
    wants.Cards: st.builds(wants.Cards, st.just("") | slugs),
    wants.Flip: st.builds(wants.Flip, asks),
    wants.Recall: st.builds(wants.Recall, asks, st.booleans()),
    wants.Guide: st.builds(wants.Guide, st.just("") | slugs, st.sampled_from(GuidePart), st.integers(0, 200)),
    wants.Lab: st.builds(wants.Lab, st.just("") | slugs),
    wants.LabDone: st.builds(wants.LabDone, slugs),
    wants.Battle: st.builds(wants.Battle, st.sampled_from(["", "open", "race 10 20s"])),
    wants.Enter: st.builds(wants.Enter, battles, st.none() | st.integers(0, 3)),
    wants.Leave: st.builds(wants.Leave, battles),
    wants.Arrange: st.builds(
        wants.Arrange, battles, st.sampled_from(["", "-", "mode", "scope", "level"]), st.just("") | slugs
    ),
    wants.Begin: st.builds(wants.Begin, battles),
    wants.Stop: st.builds(wants.Stop, battles),
    wants.Strike: st.builds(wants.Strike, battles, st.integers(1, 30), places),
    wants.Rematch: st.builds(wants.Rematch, battles, st.just("") | slugs),
    wants.Replay: st.builds(wants.Replay, battles),
    wants.Board: st.builds(wants.Board, st.sampled_from(["", "week", "season", "all"]), st.just("") | slugs),
    wants.Rank: st.builds(wants.Rank, st.booleans()),
    wants.Daily: st.builds(wants.Daily, st.sampled_from(["", "off"])),
}
taps = st.sampled_from(KINDS).flatmap(MADE_OF.__getitem__)


def test_every_kind_of_tap_says_what_it_is_made_of() -> None:
    assert set(MADE_OF) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_the_simplest_tap_of_every_kind_comes_back(kind: type) -> None:
    tap = _simplest(kind)
    assert decode(encode(tap)) == tap


def _simplest(kind: type) -> Tap:
    known: dict[type, Tap] = {
        wants.Pick: wants.Pick(AskId(1), 0),
        wants.Mark: wants.Mark(AskId(1), 0, on=True),
        wants.Submit: wants.Submit(AskId(1)),
        wants.Rate: wants.Rate(AskId(1), Confidence.SURE),
        wants.Blame: wants.Blame(AskId(1), Cause.RUSHED),
        wants.Next: wants.Next(AskId(1)),
        wants.Enter: wants.Enter(BattleId(1)),
        wants.Leave: wants.Leave(BattleId(1)),
        wants.Arrange: wants.Arrange(BattleId(1), ""),
        wants.Begin: wants.Begin(BattleId(1)),
        wants.Stop: wants.Stop(BattleId(1)),
        wants.Strike: wants.Strike(BattleId(1), 1, 0),
        wants.Rematch: wants.Rematch(BattleId(1)),
        wants.Replay: wants.Replay(BattleId(1)),
        wants.Rank: wants.Rank(on=True),
        wants.Open: wants.Open(Field.ZONE),
        wants.Choose: wants.Choose(Field.ZONE, "Europe/Berlin"),
        wants.Skip: wants.Skip(Field.ZONE),
        wants.Schedule: wants.Schedule(""),
        wants.Book: wants.Book("2026-12-15T09:30@Europe/Berlin"),
        wants.Unbook: wants.Unbook(BookingId(1)),
        wants.Cancel: wants.Cancel(BookingId(1)),
        wants.Sit: wants.Sit(BookingId(1), is_remote=True),
        wants.Log: wants.Log(BookingId(1), Verdict.WAITING),
        wants.Needs: wants.Needs(BookingId(1), "machine-learning-operations", on=True),
        wants.Work: wants.Work(BlockKind.SET_REVIEW.value, "", 10),
        wants.Tick: wants.Tick("ready:routine"),
        wants.Snooze: wants.Snooze(Later.TOMORROW, "daily:1:2026-11-23"),
        wants.Done: wants.Done("exam:1:weak-2:2026-12-13"),
        wants.ShowMe: wants.ShowMe(on=True),
        wants.Flip: wants.Flip(AskId(1)),
        wants.Recall: wants.Recall(AskId(1), knew=True),
        wants.LabDone: wants.LabDone("lab-stream-to-parquet"),
    }
    plain: Tap = known[kind] if kind in known else kind()
    return plain


@given(taps)
@example(wants.Practice("x" * 40, 2**31))
@example(wants.Mark(AskId(2**63 - 1), 9, on=False))
@example(wants.Choose(Field.PUSH_TIME, "x" * 40))
@example(wants.Guide("x" * 40, GuidePart.READING, 200))
@example(wants.Recall(AskId(2**63 - 1), knew=False))
def test_what_is_packed_fits_a_button_and_comes_back_whole(tap: Tap) -> None:
    text = encode(tap)
    assert len(text.encode()) <= LIMIT
    assert decode(text) == tap
    assert type(decode(text)) is type(tap)


tags = st.sampled_from(["st", "pr", "p", "m", "s", "c", "b", "n", "o", "v", "k", "zz", ""])
pieces = st.one_of(
    st.text(max_size=12), st.sampled_from(["0", "1", "-1", "00", "+1", " 1", "1_0", "zone", "sure", "٣"])
)
hostile = st.one_of(
    st.text(),
    st.binary(max_size=80).map(lambda raw: raw.decode("utf-8", errors="surrogateescape")),
    st.binary(max_size=80).map(lambda raw: raw.decode("latin-1")),
    st.builds(lambda tag, parts: ":".join([tag, *parts]), tags, st.lists(pieces, max_size=5)),
)


@given(hostile)
@example("pr:\ud800:")
@example("v:zone:\udcff")
@example("m:1:0:2")
@example("p:1:-1")
@example("p:01:0")
@example("p:1y2p0ij32e8e8:0")
@example("s:" + "z" * 5000)
@example("st:")
@example("n:")
def test_a_forged_text_is_either_exactly_ours_or_nothing(text: str) -> None:
    tap = decode(text)
    assert tap is None or encode(tap) == text


@pytest.mark.parametrize(
    "tap",
    [
        wants.Practice("x" * 70, 5),
        wants.Practice("a:b", 5),
        wants.Choose(Field.ZONE, "é" * 30),
        wants.Choose(Field.ZONE, "\ud800"),
        wants.Next(AskId(-1)),
        wants.Next(AskId(2**63)),
    ],
)
def test_what_no_button_can_carry_is_refused_when_it_is_made(tap: Tap) -> None:
    with pytest.raises(ValueError, match=r"."):
        encode(tap)


@given(st.integers(0, 63))
def test_a_text_is_measured_in_bytes(length: int) -> None:
    text = "v:zone:" + "é" * length
    assert (decode(text) is not None) is (len(text.encode()) <= LIMIT)
