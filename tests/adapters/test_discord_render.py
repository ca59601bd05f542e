"""Whatever a view holds, Discord takes it and shows it to the letter."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import answer, markup, menu, render
from bot.chat import codec
from bot.chat.commands import COMMANDS
from bot.chat.intent import Choose, Help, Open, Pick, Practice, Progress, Skip, Tap
from bot.chat.view import Button, File, Notice, Picture, Quiz, Span, Style, View
from bot.domain.ids import AskId
from bot.domain.learner import Field
from tests.adapters.gallery import HOSTILE, gallery, png
from tests.dialogues.discord_chat import plain
from tests.platform.discord_checks import check_message, walk
from tests.platform.discord_command_checks import check_commands
from tests.platform.discord_limits import limit

ACTIVE = re.compile(r"[`*_~|\[\]<>@\\]|://")
MARKS = "* ** _ ` `` ``` | || ~~ > [ ]( ](https://evil.example) ) <@1> <t:0:R> @everyone https://a.b/_c_ \\ \u200b 🦄"
PIECES = st.sampled_from([*MARKS.split(), "a", " ", "\n", "\r\n", ">>> ", "- ", "# ", "1. ", "\u202e"])
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join)
LONG = st.builds(lambda text, times: text * times, TEXTS, st.integers(1, 400))
ADDRESSES = st.sampled_from(
    [None, "https://docs.example/a_(b)", "https://x.example/" + "(" * 900, "javascript:alert(1)", "https://a b"]
)
UNTIL = st.none() | st.datetimes(timezones=st.just(UTC))
SPANS = st.lists(st.builds(Span, TEXTS | LONG, st.sampled_from(Style), ADDRESSES, UNTIL), max_size=6).map(tuple)
PICTURES = st.builds(Picture, st.just(png()), TEXTS | LONG)
FILES = st.builds(File, TEXTS | LONG, st.just("text/calendar"), st.just(b"BEGIN:VCALENDAR"))
IDS = st.text("abcdefghijklmnopqrstuvwxyz-", max_size=50)
TAPS: st.SearchStrategy[Tap] = st.one_of(
    st.builds(Pick, st.integers(0, 2**63 - 1).map(AskId), st.integers(0, 9)),
    st.builds(Practice, IDS, st.none() | st.integers(1, 50)),
    st.builds(Choose, st.just(Field.ZONE), IDS),
    st.builds(Open, st.sampled_from(Field)),
    st.builds(Help),
)
BUTTONS = st.builds(Button, TEXTS | LONG, TAPS, st.booleans(), st.none() | TEXTS)
ROWS = st.lists(st.lists(BUTTONS, max_size=8).map(tuple), max_size=12).map(tuple)


def body(message: render.Message) -> dict[str, Any]:
    shown: dict[str, Any] = {"embeds": [embed.to_dict() for embed in message.embeds], "components": message.rows}
    if message.attached:
        shown["attachments"] = [answer.sent(message)["file"].to_dict(0)]
    return shown | ({"content": message.content} if message.content is not None else {})


def taken(view: View) -> dict[str, Any]:
    """What is sent for a view, after Discord's own checks."""
    sent = body(render.message(view))
    check_message(sent, whole=sent)
    return sent


def carried(sent: dict[str, Any]) -> list[str]:
    parts = list(walk(sent["components"]))
    options = [option["value"] for part in parts for option in part.get("options", ())]
    return options + [part["custom_id"] for part in parts if part["type"] == render.BUTTON]


def towns(count: int) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(f"Town {n}", Choose(Field.ZONE, f"Zone/{n}")),) for n in range(count))


@settings(max_examples=40, deadline=None)
@given(SPANS, ROWS, st.none() | PICTURES | FILES)
def test_discord_takes_every_view(
    spans: tuple[Span, ...], rows: tuple[tuple[Button, ...], ...], attached: Picture | File | None
) -> None:
    taken(View(spans, rows, attached))


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_up_to_25_choices_none_is_lost_and_none_is_there_twice(rows: tuple[tuple[Button, ...], ...]) -> None:
    wanted = dict.fromkeys(render.custom_id(button) for row in rows for button in row)
    sent = carried(taken(View((Span("?"),), rows)))
    assert len(sent) == len(set(sent))
    if len(wanted) <= 25:
        assert set(sent) == set(wanted)


@pytest.mark.parametrize(("name", "view"), gallery(), ids=[name for name, _ in gallery()])
def test_every_message_of_tminus_is_shown_whole(name: str, view: View) -> None:
    sent = taken(view)
    shown = "\n".join(plain(embed.get("description", "")) for embed in sent["embeds"])
    wanted = "".join(f"<t:{int(span.until.timestamp())}:R>" if span.until else span.text for span in view.spans)
    assert shown.replace("\u200b", "").split() == wanted.replace("\u200b", "").split()
    assert len(sent.get("attachments", [])) == (view.attached is not None)
    assert set(carried(sent)) == {render.custom_id(button) for button in view.buttons}


@settings(deadline=None)
@given(TEXTS)
def test_a_text_is_shown_to_the_letter(text: str) -> None:
    for line in re.split(r"\r\n|\r|\n", text):
        escaped = markup.escape(line)
        assert re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escaped) == line
        assert not ACTIVE.search(re.sub(r"\\[^0-9A-Za-z\s]", "", escaped))
        assert not re.match(r"\s*(?:[#+-]|\d+\.)", escaped)


def test_hostile_words_pass_as_words() -> None:
    for style in Style:
        (line,) = markup.lines([Span(HOSTILE, style)])
        assert plain(line) == HOSTILE
    assert markup.lines([Span("# no\n- list\n1. of\n-# mine")]) == [r"\# no", r"\- list", r"1\. of", r"\-# mine"]


def test_styles_have_their_marks_on_every_line() -> None:
    def shown(text: str, style: Style, href: str | None = None) -> list[str]:
        return markup.lines([Span(text, style, href)])

    assert shown("a\nb", Style.STRONG) == ["**a**", "**b**"]
    assert shown("a\n\nb", Style.QUOTE) == ["> a", "> ", "> b"]
    assert shown("a|b", Style.SPOILER) == [r"||a\|b||"]
    assert shown("a*b", Style.CODE) == ["`a*b`"]
    assert shown("a`b", Style.CODE) == ["`` a`b ``"]
    assert shown("a```b", Style.CODE) == [r"a\`\`\`b"]
    assert shown("a [1]", Style.PLAIN, "https://x.example/(y)") == ["[a (1)](https://x.example/%28y%29)"]
    assert shown("a", Style.STRONG, "javascript:x") == ["**a**"]


def test_a_time_left_counts_down_by_itself() -> None:
    then = datetime(2026, 12, 15, 8, 30, tzinfo=UTC)
    told = f"<t:{int(then.timestamp())}:R>"
    assert markup.lines([Span("Exam: "), Span("in 3 days", until=then), Span("!")]) == [f"Exam: {told}!"]
    assert markup.lines([Span("a\nb", Style.STRONG, until=then)]) == [f"**{told}**"]
    assert markup.lines([Span("x", Style.CODE, until=then), Span("y", Style.CODE)]) == [f"{told}`y`"]
    assert markup.lines([Span("x", href="https://x.example", until=then)]) == [told]
    assert markup.lines([Span("x", Style.QUOTE, until=then), Span("y")]) == [f"> {told}", "y"]
    later = then + timedelta(seconds=1, microseconds=5)
    second = f"<t:{int(then.timestamp()) + 1}:R>"
    assert markup.lines([Span("x", until=then), Span("y", until=later)]) == [told + second]
    assert markup.lines([Span("<t:0:R>")]) == [r"\<t:0:R\>"]


def test_a_way_into_private_is_plain_text() -> None:
    for style in Style:
        assert markup.lines([Span("write to me", style, to_private=True)]) == markup.lines([Span("write to me", style)])
    around = [Span("To play, "), Span("write to me", to_private=True), Span(" first.")]
    assert markup.lines(around) == ["To play, write to me first."]


def test_a_quiz_changes_nothing() -> None:
    view = View((Span("Which one?"),), ((Button("A", Help()),),))
    quiz = Quiz("Which one?", ("a", "b"), frozenset({0}), 20, "Because.")
    assert taken(replace(view, quiz=quiz)) == taken(view)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Round 1 of 10\nWhich one?", "Round 1 of 10"),
        ("\n \n  A   battle ", "A battle"),
        ("word " * 40, "word " * 19 + "word…"),
        ("x" * 100, "x" * 100),
        ("x" * 101, "…"),
        ("", "…"),
    ],
)
def test_a_thread_is_called_by_the_first_words(text: str, title: str) -> None:
    assert render.title(View((Span(text),))) == title


def test_a_thread_is_called_as_its_first_message_says() -> None:
    assert render.title(View((Span("Round 1 of 10"),), thread="Quiz battle · MLS-C01")) == "Quiz battle · MLS-C01"


@settings(deadline=None)
@given(TEXTS | LONG)
def test_every_view_has_a_title_that_a_thread_can_have(text: str) -> None:
    assert 1 <= len(render.title(View((Span(text),))).strip()) <= limit("thread_name")


def test_neighbors_of_one_style_are_one_mark_and_a_quote_stands_on_lines_of_its_own() -> None:
    bold = [Span("a", Style.STRONG), Span("b", Style.STRONG), Span("c")]
    assert markup.lines(bold) == ["**ab**c"]
    assert markup.lines([Span("a"), Span("b", Style.QUOTE), Span("c")]) == ["a", "> b", "c"]
    assert markup.lines([Span("a"), Span("\nb", Style.QUOTE)]) == ["a", "> b"]


def test_a_long_text_goes_on_in_a_second_embed_and_ends_at_a_line() -> None:
    lines = [f"{number}: " + "word " * 20 for number in range(100)]
    sent = taken(View((Span("\n".join(lines)),)))
    first, second = (embed["description"] for embed in sent["embeds"])
    assert second.endswith("\n…")
    shown = f"{first}\n{second}".split("\n")[:-1]
    assert shown == lines[: len(shown)]
    assert len(first) + len(second) > limit("embed_sum") - 120


def test_an_empty_view_is_still_a_message() -> None:
    assert taken(View(()))["embeds"][0]["description"] == render.BLANK


def test_a_list_of_towns_becomes_a_select_and_the_ways_past_it_stay_buttons() -> None:
    entry = Button("Type a city", Open(Field.ZONE), entry="City")
    sent = taken(View((Span("Where?"),), (*towns(6), (entry,), (Button("Skip", Skip(Field.ZONE)),))))
    select, ways = sent["components"]
    assert [option["label"] for option in select["components"][0]["options"]] == [f"Town {n}" for n in range(6)]
    assert [part["label"] for part in ways["components"]] == ["Type a city", "Skip"]


def test_a_short_list_stays_a_list_of_buttons() -> None:
    assert [len(row["components"]) for row in render.rows(towns(5))] == [1] * 5


def test_more_than_25_towns_take_several_selects() -> None:
    sent = taken(View((Span("Where?"),), towns(60)))
    assert [len(row["components"][0]["options"]) for row in sent["components"]] == [25, 25, 10]


def test_many_different_buttons_are_laid_out_in_full_rows() -> None:
    rows = tuple((Button(str(n), Pick(AskId(n), 0)), Button("x", Pick(AskId(n), 1))) for n in range(12))
    assert [len(row["components"]) for row in render.rows(rows)] == [5, 5, 5, 5, 4]


def test_what_carries_the_same_is_there_once() -> None:
    (row,) = render.rows([[Button("Go", Help()), Button("Go!", Help()), Button("How", Progress())]])
    assert [part["label"] for part in row["components"]] == ["Go", "How"]


def test_the_primary_button_stands_out() -> None:
    (row,) = render.rows([[Button("Go", Help(), primary=True), Button("How", Progress())]])
    styles = [part["style"] for part in row["components"]]
    assert styles == [discord.ButtonStyle.success.value, discord.ButtonStyle.secondary.value]


def test_a_button_with_an_entry_carries_its_caption() -> None:
    button = Button("Type a city", Open(Field.ZONE), entry="City or time zone")
    assert render.custom_id(button) == f"e|{codec.encode(Open(Field.ZONE))}|City or time zone"
    assert len(render.custom_id(Button("x", Open(Field.CONFIDENCE), entry="long " * 50))) <= limit("custom_id")


def test_a_picture_stands_in_the_embed_with_its_words_for_who_can_not_see_it() -> None:
    sent = taken(View((Span("Your weeks"),), (), Picture(png(), f"{HOSTILE} week")))
    (embed,) = sent["embeds"]
    assert (embed["description"], embed["image"]["url"]) == ("Your weeks", "attachment://picture.png")
    assert sent["attachments"] == [{"id": 0, "filename": "picture.png", "description": f"{HOSTILE} week"}]


def test_an_alternative_text_is_cut_to_what_discord_holds_and_left_out_where_there_is_none() -> None:
    def alt(text: str) -> object:
        (file,) = taken(View((), (), Picture(png(), text)))["attachments"]
        return file.get("description")

    most = limit("attachment_description")
    assert alt("x" * most) == "x" * most
    assert alt("x" * (most + 1)) == "x" * (most - 1) + "…"
    assert alt(" \n") is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plan.ics", "plan.ics"),
        ("Mein Plan (März).ics", "Mein_Plan_M_rz_.ics"),
        ("../../.env", "_.._.env"),
        ("SPOILER_plan.ics", "plan.ics"),
        ('\ud83d\r\n"; x', "_x"),
        ("...", "file"),
    ],
)
def test_a_file_hangs_on_the_message_under_a_name_that_discord_keeps(name: str, shown: str) -> None:
    sent = taken(View((), (), File(name, "text/calendar", b"x")))
    assert (sent["embeds"], sent["attachments"]) == ([], [{"id": 0, "filename": shown}])


@settings(deadline=None)
@given(TEXTS | LONG)
def test_discord_takes_every_notice(text: str) -> None:
    sent = body(render.notice(Notice(text)))
    check_message(sent, whole=sent, ephemeral=True)


def test_a_parameter_of_few_values_is_chosen_from_them() -> None:
    options = {(one["name"], option["name"]): option for one in menu.commands() for option in one["options"]}
    for command in COMMANDS:
        for parameter in command.parameters:
            choices = options[command.name, parameter.name].get("choices", [])
            assert [choice["value"] for choice in choices] == list(parameter.values)
    assert [choice["name"] for choice in options["energy", "energy"]["choices"]] == ["low", "high"]


def test_discord_takes_the_commands_and_knows_them_again() -> None:
    wanted = menu.commands()
    check_commands(wanted)
    known = [command | {"id": str(place), "version": "1", "nsfw": False} for place, command in enumerate(wanted)]
    assert menu.is_same(known[::-1], wanted)
    assert not menu.is_same(known[1:], wanted)
    known[2] = known[2] | {"description": "something else"}
    assert not menu.is_same(known, wanted)
    assert not menu.is_same([], wanted)
