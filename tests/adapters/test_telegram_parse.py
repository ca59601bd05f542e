"""What of Telegram's updates is for the tutor, and what it means."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from adapters.telegram.parse import parse
from bot.chat.codec import encode
from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Intent, Pick, Practice, Progress, Say, Start, Today, Unknown, Vote
from bot.domain.ids import AskId

Json = dict[str, Any]
ANNA: Json = {"id": 77, "is_bot": False, "first_name": "Anna", "language_code": "pt-br"}
PRIVATE: Json = {"id": 77, "type": "private", "first_name": "Anna"}
GROUP: Json = {"id": -1001, "type": "supergroup", "title": "Study"}
BOT = "tminus_test_bot"


def update(kind: str, body: Json) -> Update:
    return Update.de_json({"update_id": 900_001, kind: body}, None)


def message(text: str | None = None, chat: Json = PRIVATE, sender: Json | None = ANNA, **extra: Any) -> Json:
    body = {"message_id": 5, "date": 1_700_000_000, "chat": chat, **extra}
    return body | ({"from": sender} if sender else {}) | ({"text": text} if text is not None else {})


def written(text: str | None = None, **given: Any) -> Incoming | None:
    return parse(update("message", message(text, **given)), BOT)


def tapped(data: str | None, chat: Json = PRIVATE, sender: Json = ANNA, **extra: Any) -> Incoming | None:
    query = {"id": "9", "from": sender, "chat_instance": "1", "message": message("Question", chat), **extra}
    return parse(update("callback_query", query | ({"data": data} if data is not None else {})), BOT)


def voted(*places: int, **extra: Any) -> Incoming | None:
    answer = {"poll_id": "5000", "user": ANNA, "option_ids": places, "option_persistent_ids": list(map(str, places))}
    return parse(update("poll_answer", answer | extra), BOT)


def wanted(incoming: Incoming | None) -> Intent:
    assert incoming is not None
    return incoming.intent


def test_a_message_says_who_wants_what_where_and_in_which_language() -> None:
    assert written("/today") == Incoming(
        key="telegram:900001",
        person=Person("telegram", "77"),
        place=Place("77", is_private=True),
        locale="pt-br",
        intent=Today(),
        name="Anna",
    )


def test_a_tap_is_marked_as_one() -> None:
    pick = Pick(AskId(12), 1)
    incoming = tapped(encode(pick))
    assert wanted(incoming) == pick
    assert incoming is not None
    assert incoming.is_tap
    assert incoming.place == Place("77", is_private=True)


def test_who_has_set_no_language_has_none() -> None:
    incoming = written("/today", sender={"id": 77, "is_bot": False, "first_name": "A"})
    assert incoming is not None
    assert incoming.locale == ""


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("/start", Start()),
        ("/start friend_7-abc", Start()),
        ("/quiz@tminus_test_bot modeling 5", Practice("modeling", 5)),
        ("/QUIZ", Practice("", None)),
        ("/nonsense", Unknown("nonsense")),
        ("hello there", Say("hello there")),
        ("", Say("")),
        ("/", Unknown("")),
    ],
)
def test_in_private_every_line_means_something(text: str, intent: Intent) -> None:
    assert wanted(written(text)) == intent


def test_a_text_longer_than_any_message_is_taken() -> None:
    assert isinstance(wanted(written("x" * 10_000)), Say)


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "is_animated": False,
                     "is_video": False, "type": "regular"}},
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}], "caption": "/quiz"},
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
    ],
    ids=["sticker", "photo", "voice", "location"],
)  # fmt: skip
def test_a_picture_is_unclear_words_in_private_and_nothing_in_a_group(content: Json) -> None:
    assert wanted(written(None, **content)) == Say("")
    assert written(None, chat=GROUP, **content) is None


@pytest.mark.parametrize(
    "service",
    [
        {"pinned_message": message("old")},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"new_chat_members": [ANNA]},
        {"migrate_to_chat_id": -1002},
    ],
    ids=["pinned", "timer", "members", "migrated"],
)
def test_telegrams_own_notes_are_nobodys_words(service: Json) -> None:
    assert written(None, **service) is None
    assert written(None, chat=GROUP, **service) is None


@pytest.mark.parametrize(
    "text", ["/quiz", "/quiz modeling", "/PROGRESS", "/help@TMINUS_test_bot", "/what@tminus_test_bot"]
)
def test_in_a_group_a_command_of_ours_counts(text: str) -> None:
    incoming = written(text, chat=GROUP)
    assert incoming is not None
    assert incoming.place == Place("-1001", is_private=False, room="-1001", is_loud=True)


def test_a_tap_in_a_group_says_which_group() -> None:
    incoming = tapped("cl", GROUP)
    assert incoming is not None
    assert (incoming.place, incoming.is_tap) == (Place("-1001", is_private=False, room="-1001", is_loud=True), True)


TOPIC: Json = {"message_thread_id": 45, "is_topic_message": True}
IN_TOPIC = Place("-1001", is_private=False, room="-1001", is_loud=True, spot="-1001/45")


def test_in_a_topic_the_place_says_which_one() -> None:
    said = written("/quiz", chat=GROUP, **TOPIC)
    assert said is not None
    assert said.place == IN_TOPIC
    tap = tapped("cl", message=message("Question", GROUP, **TOPIC))
    assert tap is not None
    assert tap.place == IN_TOPIC


def test_a_thread_of_replies_is_no_topic() -> None:
    said = written("/quiz", chat=GROUP, message_thread_id=45)
    assert said is not None
    assert said.place.spot is None


def test_a_topic_of_a_private_chat_is_the_private_chat() -> None:
    said = written("/quiz", **TOPIC)
    assert said is not None
    assert said.place == Place("77")


def test_a_tap_on_a_message_too_old_to_be_shown_stands_in_no_topic_that_is_known() -> None:
    tap = tapped("cl", message={"chat": GROUP, "message_id": 5, "date": 0})
    assert tap is not None
    assert tap.place == Place("-1001", is_private=False, room="-1001", is_loud=True)


@pytest.mark.parametrize("places", [(1,), (0, 2), ()])
def test_a_vote_says_who_chose_what_in_which_poll(places: tuple[int, ...]) -> None:
    assert voted(*places) == Incoming(
        key="telegram:900001",
        person=Person("telegram", "77"),
        place=Place("", is_private=False),
        locale="pt-br",
        intent=Vote("5000", places),
        name="Anna",
    )


def test_nobody_votes_without_an_account_of_their_own() -> None:
    assert voted(1, user=None, voter_chat=GROUP) is None
    assert voted(1, user=None) is None
    assert voted(1, voter_chat=GROUP) is None
    assert voted(1, user={**ANNA, "is_bot": True}) is None


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Anna", "Ödegård", "Anna Ödegård"),
        ("A\u202ed\nmin", None, "Ad min"),
        ("\u2800", "\u200b", ""),
        ("x", "y" * 99, None),
    ],
)
def test_a_name_is_whole_and_steers_nothing(first: str, last: str | None, name: str | None) -> None:
    incoming = written("/today", sender={**ANNA, "first_name": first, "last_name": last})
    assert incoming is not None
    assert incoming.name == ("x " + "y" * 62 if name is None else name)


@pytest.mark.parametrize(
    "text", ["hello", "b", "see /quiz", "/weather", "/quiz@other_bot", "/", "/ quiz", "", "/@", "/\n"]
)
def test_in_a_group_chatter_and_other_bots_commands_are_passed_over(text: str) -> None:
    assert written(text, chat=GROUP) is None


def test_nobody_without_an_account_of_their_own_is_answered() -> None:
    robot = {"id": 5, "is_bot": True, "first_name": "Bot"}
    assert written("/quiz", sender=robot) is None
    assert written("/quiz", sender=None) is None
    assert written("/quiz", chat=GROUP, sender={**robot, "id": 1087968824}, sender_chat=GROUP) is None
    assert tapped("to", sender=robot) is None


@pytest.mark.parametrize(
    "kind", ["edited_message", "channel_post", "edited_channel_post", "business_message", "edited_business_message"]
)
def test_edits_and_posts_are_no_new_words(kind: str) -> None:
    assert parse(update(kind, message("/quiz")), BOT) is None


def test_another_kind_of_update_is_passed_over() -> None:
    member = {"status": "kicked", "user": {"id": 1, "is_bot": True, "first_name": "T"}, "until_date": 0}
    body = {"chat": PRIVATE, "from": ANNA, "date": 1, "old_chat_member": member, "new_chat_member": member}
    assert parse(update("my_chat_member", body)) is None


@pytest.mark.parametrize("data", ["", "zz", "p:1", "p:x:y:z", "admin:drop", "p:-1:0", "\u202e", "n:" + "z" * 60])
def test_a_forged_button_is_an_unknown_one(data: str) -> None:
    assert wanted(tapped(data)) == Unknown(data)


def test_a_tap_on_a_message_too_old_to_be_shown_counts() -> None:
    query = {"id": "9", "from": ANNA, "chat_instance": "1", "data": encode(Progress())}
    old = {"chat": PRIVATE, "message_id": 5, "date": 0}
    assert wanted(parse(update("callback_query", query | {"message": old}))) == Progress()


def test_a_tap_from_nowhere_or_of_a_game_is_passed_over() -> None:
    query = {"id": "9", "from": ANNA, "chat_instance": "1", "data": "to", "inline_message_id": "i"}
    assert parse(update("callback_query", query)) is None
    assert tapped(None, game_short_name="chess") is None


def test_nobody_acts_in_another_persons_private_chat() -> None:
    ben = {"id": 78, "is_bot": False, "first_name": "Ben"}
    assert tapped("to", sender=ben) is None
    assert written("/today", sender=ben) is None


@given(st.text(max_size=80), st.sampled_from([PRIVATE, GROUP]))
def test_any_words_and_any_button_can_be_read(text: str, chat: Json) -> None:
    written(text, chat=chat)
    assert wanted(tapped(text, chat)) is not None
