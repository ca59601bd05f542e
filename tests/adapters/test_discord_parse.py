"""What people do on Discord arrives as intents; what nobody could have done arrives as unknown."""

from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import parse, render
from adapters.discord.address import Address
from bot.chat import codec
from bot.chat.commands import Suggest
from bot.chat.intent import Battle, Board, Choose, Daily, Help, Open, Practice, Start, Unknown
from bot.chat.view import Button
from bot.domain.learner import Field

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "value", "focused", "component", "components"]), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(["name", "options", "custom_id", "values", "components", "component", "value"])
DATA = st.dictionaries(KEYS, JSON | st.sampled_from(["quiz", "s|0", "e|o:zone|City", "o:zone"]), max_size=6)


def typed(*options: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "name": "quiz", "type": 1, "options": list(options)}


def form(custom_id: str, value: str) -> dict[str, Any]:
    field = {"type": 4, "custom_id": "text", "value": value}
    return {"custom_id": custom_id, "components": [{"type": 18, "component": field}]}


def test_a_command_without_options_is_its_intent() -> None:
    assert parse.command({"name": "start"}) == Start()
    assert parse.command(typed()) == Practice("", None)


def test_options_are_taken_by_name_and_numbers_stay_in_their_range() -> None:
    data = typed({"name": "topic", "type": 3, "value": "kinesis-family"}, {"name": "n", "type": 4, "value": 5})
    assert parse.command(data) == Practice("kinesis-family", 5)
    assert parse.command(typed({"name": "n", "type": 4, "value": 5000})) == Practice("", 50)
    assert parse.command(typed({"name": "n", "type": 4, "value": "5"}, {"name": "x", "value": 1})) == Practice("", None)


def test_a_command_that_we_don_t_have_is_unknown() -> None:
    assert parse.command({"name": "fight"}) == Unknown("fight")


def test_a_battle_is_asked_for_by_what_to_do_or_by_rules_or_by_both() -> None:
    def fight(**options: str) -> object:
        given = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
        return parse.command({"id": "1", "name": "battle", "type": 1, "options": given})

    assert fight() == Battle()
    assert fight(do="stop") == Battle("stop")
    assert fight(**{"with": "race 10 20s"}) == Battle("race 10 20s")
    assert fight(**{"with": "K7MQ2X", "do": "join"}) == Battle("join K7MQ2X")
    assert parse.command({"name": "board", "options": [{"name": "span", "value": "week"}]}) == Board("week")
    assert parse.command({"name": "daily", "options": [{"name": "at", "value": "off"}]}) == Daily("off")


@pytest.mark.parametrize(
    ("chat", "address"),
    [
        ("123", Address(123, is_room=False)),
        ("c123", Address(123)),
        ("c123/t456", Address(123, thread=456)),
    ],
)
def test_an_address_is_read_as_it_was_written(chat: str, address: Address) -> None:
    assert Address.read(chat) == address
    assert str(address) == chat


@pytest.mark.parametrize(
    "chat", ["", "c", "cc1", "c1/t", "1/t2", "c1/t2/t3", "c1/2", "c1\n", "٣", "c٣", "-1", "9" * 21]
)
def test_what_is_no_address_is_none(chat: str) -> None:
    assert Address.read(chat) is None


@settings(deadline=None)
@given(st.text() | st.from_regex(r"c?[0-9]*(/t[0-9]*)?"))
def test_no_chat_breaks_the_reading_of_addresses(chat: str) -> None:
    assert (found := Address.read(chat)) is None or Address.read(str(found)) == found


@pytest.mark.parametrize(
    ("may", "keeps_order"),
    [
        (discord.Permissions(), False),
        (discord.Permissions(send_messages=True, manage_channels=True, kick_members=True), False),
        (discord.Permissions(manage_guild=True), True),
        (discord.Permissions(manage_messages=True), True),
        (discord.Permissions(administrator=True), True),
    ],
)
def test_who_may_manage_the_server_or_its_messages_keeps_order(may: discord.Permissions, keeps_order: bool) -> None:
    assert parse.is_admin(may) is keeps_order


def test_a_button_and_an_option_of_a_select_carry_their_intent() -> None:
    assert parse.tapped({"custom_id": codec.encode(Help()), "component_type": 2}) == Help()
    zone = Choose(Field.ZONE, "Europe/Lisbon")
    assert parse.tapped({"custom_id": "s|0", "component_type": 3, "values": [codec.encode(zone)]}) == zone


@pytest.mark.parametrize("data", [{}, {"custom_id": "nonsense"}, {"custom_id": "s|0", "values": []}])
def test_a_forged_tap_is_unknown(data: dict[str, Any]) -> None:
    assert isinstance(parse.tapped(data), Unknown)


def test_a_tap_that_opens_a_line_tells_what_for() -> None:
    carried = render.custom_id(Button("Type", Open(Field.ZONE), entry="City | town"))
    assert parse.entry({"custom_id": carried}) == parse.Entry("o:zone", "City | town")
    assert parse.entry({"custom_id": "e|he|Help?"}) is None
    assert parse.entry({"custom_id": "e|o:zone|"}) is None
    assert parse.entry({"custom_id": "o:zone"}) is None


def test_what_was_typed_into_the_line_is_the_choice() -> None:
    assert parse.filled(form("o:zone", "Lisbon")) == Choose(Field.ZONE, "Lisbon")
    old = {"custom_id": "o:zone", "components": [{"type": 1, "components": [{"type": 4, "value": "Rome"}]}]}
    assert parse.filled(old) == Choose(Field.ZONE, "Rome")
    assert parse.filled(form("he", "Lisbon")) == Unknown("he")
    assert parse.filled({"custom_id": "o:zone"}) == Unknown("o:zone")


def test_a_parameter_being_typed_is_completed_if_it_can_be() -> None:
    topic = {"name": "topic", "type": 3, "value": "kin", "focused": True}
    assert parse.completion(typed(topic)) == parse.Completion(Suggest.TOPIC, "kin")
    assert parse.completion(typed({"name": "n", "value": "1", "focused": True})) is None
    assert parse.completion(typed()) is None


@settings(deadline=None)
@given(DATA)
def test_no_payload_breaks_the_parser(data: dict[str, Any]) -> None:
    for read in (parse.command, parse.tapped, parse.entry, parse.filled, parse.completion):
        read(data)
