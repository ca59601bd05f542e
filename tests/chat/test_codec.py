"""The text of a button: short, exact, and safe to read from anybody."""

from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat import intent as wants
from bot.chat.codec import LIMIT, decode, encode
from bot.chat.intent import Tap
from bot.domain.answer import Cause, Confidence
from bot.domain.ids import AskId
from bot.domain.learner import Field

KINDS: tuple[type, ...] = get_args(Tap)
asks = st.integers(0, 2**63 - 1).map(AskId)
places = st.integers(0, 9)
fields = st.sampled_from(Field)
slugs = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,8}){0,3}", fullmatch=True).filter(lambda text: len(text) <= 40)
values = st.one_of(slugs, st.sampled_from(["America/Argentina/ComodRivadavia", "22:00-8:00", "7:30", "off", "20", ""]))

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
        wants.Open: wants.Open(Field.ZONE),
        wants.Choose: wants.Choose(Field.ZONE, "Europe/Berlin"),
        wants.Skip: wants.Skip(Field.ZONE),
    }
    plain: Tap = known[kind] if kind in known else kind()
    return plain


@given(taps)
@example(wants.Practice("x" * 40, 2**31))
@example(wants.Mark(AskId(2**63 - 1), 9, on=False))
@example(wants.Choose(Field.PUSH_TIME, "x" * 40))
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
