"""Battles as a group reads them: golden text, what stays secret, and what fits."""

import difflib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.telegram.render import render
from bot.chat.intent import Arrange, Begin, Board, Enter, Leave, Rematch, Replay, Stop, Strike
from bot.chat.view import Notice, Style, View
from bot.domain.battle import Hall, Kind, Mode, No, Phase, Player, Rules
from bot.domain.booking import Room
from bot.domain.ids import LearnerId
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.pack import Entry, Pack
from bot.domain.score import standings
from bot.present import battle as face
from bot.present.message import message
from bot.present.roster import pass_share, placed, shortened
from bot.present.words import words_for
from bot.usecases.fought import (
    Bar,
    Barred,
    FinalShown,
    FoughtOutcome,
    Lobby,
    Noted,
    Refused,
    ResultShown,
    RoundShown,
    Told,
)
from bot.usecases.outcome import Outcome
from tests.adapters.gallery import HOSTILE, packs
from tests.adapters.gallery_battle import (
    BATTLE,
    CROWD,
    HALLS,
    NAMES,
    answers,
    crowd,
    of_battles,
    players,
    result,
    round_of,
    some,
)
from tests.adapters.test_discord_render import taken as taken_by_discord
from tests.content.good import build, good, items
from tests.dialogues.discord_chat import plain

EN = words_for("en")
PACK = packs()[0]
FOLDER = Path(__file__).parent / "golden"
LONGEST = 4096
LIVE = replace(BATTLE, phase=Phase.SHOWN, number=3)
GOLDEN = {
    "battle_notices": ("told", "no", "bar"),
    "battle_lobbies": ("lobby", "board of", "board,"),
    "battle_rounds": ("round", "result", "waiting"),
    "battle_ends": ("final", "standings", "daily"),
}
LEFT_OUT = ("longest", "very many", "multiple, race", "multiple, teams", "multiple, coop", "multiple, daily")


def shown(outcome: Outcome) -> View:
    view = message(outcome, EN)
    assert isinstance(view, View)
    return view


def said(outcome: Outcome) -> str:
    notice = message(outcome, EN)
    assert isinstance(notice, Notice)
    return notice.text


def as_text(told: View | Notice) -> str:
    """All that is seen, and below it what is not: where a piece leads, and the same as a poll."""
    if isinstance(told, Notice):
        return told.text + (" (where an answer is due)" if told.is_receipt else "")
    rows = ["  ".join(f"[{one.label}]{'*' if one.primary else ''}" for one in row) for row in told.rows]
    hidden = [f"({one.text}: until {one.until:%Y-%m-%d %H:%M})" for one in told.spans if one.until]
    hidden += [f"({one.text}: in private)" for one in told.spans if one.to_private]
    poll = []
    if told.quiz:
        options = [f"{'x' if place in told.quiz.keys else ' '} {text}" for place, text in enumerate(told.quiz.options)]
        poll = [f"Poll of {told.quiz.open_s} s: {told.quiz.question}", *options, told.quiz.explanation]
    return "\n".join([told.text, *rows, *hidden, *poll])


def small() -> Pack:
    """A pack that no author changes, all of it reviewed."""
    data = good()
    for item in items(data):
        item |= {"status": "reviewed", "reviewed_on": "2026-01-02"}
    return build(data)


def entry_of(form: type[SingleChoice | MultipleResponse]) -> Entry:
    return some(PACK, form, longest=False)


@pytest.mark.parametrize("name", GOLDEN)
def test_they_read_as_they_were_reviewed(name: str) -> None:
    texts: dict[str, str] = {}
    for title, outcome in of_battles(small(), HOSTILE):
        if title.startswith(GOLDEN[name]) and not any(part in title for part in LEFT_OUT):
            texts.setdefault(as_text(face_of(outcome)), title)
    now = "".join(f"=== {title}\n{text}\n\n" for text, title in texts.items())
    golden = FOLDER / f"{name}.txt"
    if not golden.exists():
        golden.write_text(now, encoding="utf-8")
        pytest.fail(f"{golden} was missing and is written: read it")
    then = golden.read_text(encoding="utf-8")
    changes = difflib.unified_diff(then.splitlines(), now.splitlines(), "golden", "now", lineterm="")
    assert now == then, "\n".join(changes)


def face_of(outcome: Outcome) -> View | Notice:
    """What `battle.fought` makes of it, which is what `message` makes of it."""
    assert isinstance(outcome, FoughtOutcome)
    told = face.fought(outcome, EN)
    assert told == message(outcome, EN)
    return told


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (Noted(Told.LOCKED, (1,)), "B is locked. The result comes when the round closes."),
        (Noted(Told.LOCKED, (4, 1)), "B, E are locked. The result comes when the round closes."),
        (Noted(Told.MARKED, (0,), 1), "A marked, one more to choose."),
        (Noted(Told.MARKED, (2, 0), 2), "A, C marked, 2 more to choose."),
        (Noted(Told.CLEARED, (), 2), "Taken back. Nothing is marked now."),
        (Noted(Told.CLEARED, (0,), 1), "Taken back. A marked, one more to choose."),
        (Noted(Told.JOINED), "You are in. Good luck!"),
        (Noted(Told.JOINED, team=1), "You are in: team 🔵. Good luck!"),
        (Refused(No.LOCKED, (1,)), "Your answer stands: B."),
        (Refused(No.LATE), "This round is closed."),
        (Barred(Bar.COOLING, wait_s=45), "The last battle has just ended. The next can open in 45 seconds."),
        (Barred(Bar.COOLING, wait_s=61), "The last battle has just ended. The next can open in 2 minutes."),
        (Barred(Bar.UNCLEAR, "rase", ("race",)), "I can't read “rase”. Did you mean: race?"),
    ],
)
def test_a_tap_has_a_short_answer(outcome: FoughtOutcome, text: str) -> None:
    assert said(outcome) == text


def test_what_comes_by_itself_is_a_receipt() -> None:
    for comes in (True, False):
        told = message(Noted(Told.OPENED, comes_by_itself=comes), EN)
        assert isinstance(told, Notice)
        assert told.is_receipt is comes


@pytest.mark.parametrize("bar", Bar)
@given(given_=st.text(max_size=300), near=st.lists(st.text(max_size=100), max_size=30), wait_s=st.integers(0, 10**6))
def test_a_bar_is_short_whatever_was_typed(bar: Bar, given_: str, near: list[str], wait_s: int) -> None:
    text = said(Barred(bar, given_, near, wait_s))
    assert 0 < len(text) <= face.LONGEST
    assert "\n" not in text


# --- Lobby and board ---


def lobby_of(**changes: object) -> Lobby:
    battle = replace(BATTLE, **changes)  # type: ignore[arg-type]
    return Lobby(battle, HALLS[1], PACK, players(), "Modeling", "Anna", scopes=[("modeling", "Modeling")])


def test_a_lobby_is_entered_left_arranged_and_begun() -> None:
    buttons = shown(lobby_of()).buttons
    assert [one.intent for one in buttons] == [
        Enter(BATTLE.id),
        Leave(BATTLE.id),
        Arrange(BATTLE.id, ""),
        Begin(BATTLE.id),
    ]
    assert [one.label for one in buttons if one.primary] == ["Start"]


def test_a_team_is_chosen_only_where_teams_are() -> None:
    rules = Rules(Mode.TEAMS, teams=3, picks_team=True)
    picks = [one.intent for one in shown(lobby_of(rules=rules)).buttons if isinstance(one.intent, Enter)]
    assert picks == [Enter(BATTLE.id, team) for team in range(3)]
    for other in ({"rules": replace(rules, mode=Mode.RACE)}, {"rules": rules, "halls": HALLS[:2]}):
        assert Enter(BATTLE.id) in [one.intent for one in shown(lobby_of(**other)).buttons]


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({}, {"mode", "rounds", "seconds", "level", "scope", "thread"}),
        (
            {"rules": Rules(Mode.TEAMS)},
            {"mode", "rounds", "seconds", "level", "scope", "thread", "teams", "pick"},
        ),
        (
            {"rules": Rules(Mode.TEAMS), "halls": HALLS[:2]},
            {"mode", "rounds", "seconds", "level", "scope", "thread"},
        ),
    ],
)
def test_each_rule_is_shown_with_its_value_and_leads_to_its_values(changes: dict[str, object], rules: set[str]) -> None:
    taps = [one.intent for one in shown(lobby_of(panel="rules", **changes)).buttons]
    assert all(isinstance(tap, Arrange) and not tap.value for tap in taps)
    assert {tap.rule for tap in taps if isinstance(tap, Arrange)} == rules | {"-"}
    for rule in rules:
        buttons = shown(lobby_of(panel=rule, **changes)).buttons
        *values, back = [one.intent for one in buttons]
        assert back == Arrange(BATTLE.id, "")
        assert all(isinstance(tap, Arrange) and tap.rule == rule and tap.value for tap in values)
        assert sum(one.label.startswith("✓ ") for one in buttons) == 1, rule


def test_a_thread_is_offered_only_where_the_platform_has_them() -> None:
    for hall in HALLS[:2]:
        view = shown(replace(lobby_of(panel="rules"), hall=hall))
        assert (Arrange(BATTLE.id, "thread") in [one.intent for one in view.buttons]) is hall.has_threads


def test_once_it_runs_nobody_arranges_it_and_it_can_be_stopped() -> None:
    for phase in (Phase.POSED, Phase.OPEN, Phase.SHOWN):
        view = shown(lobby_of(phase=phase, number=3, panel="rules"))
        assert [one.intent for one in view.buttons] == [Enter(BATTLE.id), Leave(BATTLE.id), Stop(BATTLE.id)]
    assert not shown(lobby_of(phase=Phase.OVER)).buttons


def test_who_replays_a_battle_is_on_its_board_even_if_last() -> None:
    ghosts = [Player(LearnerId(n), f"G{n}", right=3, points=300, answers=3, is_ghost=True) for n in range(20)]
    ranked = standings([*ghosts, Player(LearnerId(1), "Me", answers=3)])
    assert [one.player.name for one in placed(replace(LIVE, kind=Kind.GHOST), ranked)][-1] == "Me"
    assert len(placed(LIVE, ranked)) == 10


def test_the_pass_mark_is_taken_as_linear_on_the_scale() -> None:
    assert round(pass_share(PACK.exam), 3) == 0.722


def test_a_name_from_right_to_left_leaves_the_numbers_after_it_alone() -> None:
    people = [Player(LearnerId(1), "نور", answers=1), Player(LearnerId(2), "Anna", answers=1)]
    view = shown(Lobby(LIVE, HALLS[0], PACK, people, "", "Anna", standings(people)))
    assert "\u2068نور\u2069 · 0 points" in view.text
    assert "1. Anna · 0 points" in view.text


# --- Rounds and results ---


@pytest.mark.parametrize("form", [SingleChoice, MultipleResponse])
def test_letters_and_poll_follow_the_order_shown(form: type[SingleChoice | MultipleResponse]) -> None:
    entry = entry_of(form)
    item = entry.item
    assert isinstance(item, SingleChoice | MultipleResponse)
    round_ = round_of(item, entry)
    view = shown(RoundShown(LIVE, HALLS[0], round_, entry, item, 0, 3))
    assert [one.intent for one in view.buttons] == [Strike(LIVE.id, 3, place) for place in range(len(round_.order))]
    assert view.quiz is not None
    assert [item.options[index].text for index in round_.order] == list(view.quiz.options)
    assert {round_.order[place] for place in view.quiz.keys} == item.keys
    assert view.quiz.open_s == round_.seconds
    assert len(view.quiz.explanation) <= 200
    assert "answered" not in view.text
    for place, index in enumerate(round_.order):
        assert f"{'ABCDEF'[place]}. {item.options[index].text}" in view.text


def test_a_replay_has_no_poll() -> None:
    entry = entry_of(SingleChoice)
    assert isinstance(entry.item, SingleChoice)
    battle = replace(LIVE, kind=Kind.GHOST)
    assert shown(RoundShown(battle, HALLS[0], round_of(entry.item, entry), entry, entry.item, 0, 1)).quiz is None


@pytest.mark.parametrize("mode", Mode)
def test_nobodys_wrong_choice_has_a_name(mode: Mode) -> None:
    entry = entry_of(SingleChoice)
    assert isinstance(entry.item, SingleChoice)
    people = players([f"Player{n:03}" for n in range(20)])
    battle = replace(LIVE, rules=Rules(mode))
    text = shown(result(battle, entry, people, answers(entry.item, people, wrong=range(5, 15)))).text
    lines = [line for line in text.splitlines() if not line.startswith("Out: ")]
    for place in range(5, 15):
        assert f"Player{place:03}" not in "\n".join(lines)
    assert "10 of 20 right: Player000" in text
    assert "+ 2 more" in text


def test_the_fastest_is_named_first() -> None:
    entry = entry_of(SingleChoice)
    assert isinstance(entry.item, SingleChoice)
    people = players(["Slow", "Slower", "Fast"])
    struck = answers(entry.item, people)
    struck = [replace(one, at=struck[-1 - place].at) for place, one in enumerate(struck)]
    line = next(line for line in shown(result(LIVE, entry, people, struck)).text.splitlines() if "of 3 right" in line)
    assert line.replace("\u00a0", " ") == "3 of 3 right: Fast 3.4 s, Slower 4.7 s, Slow 5.9 s"


def test_ghosts_are_marked_and_not_told_off() -> None:
    entry = entry_of(SingleChoice)
    assert isinstance(entry.item, SingleChoice)
    then = result(LIVE, entry, players(NAMES[:3]), answers(entry.item, players(NAMES[:3]), rash=(2,)))
    alone = result(LIVE, entry, players(NAMES[:1]), answers(entry.item, players(NAMES[:1]), wrong=(0,)))
    ghosts = [replace(player, is_ghost=True) for player in then.players]
    replay = replace(alone, battle=replace(LIVE, kind=Kind.GHOST), players=[*ghosts, *alone.players], ghosts=then.marks)
    text = shown(replay).text
    assert "2 of 4 right: 👻 Anna" in text
    assert "Cleo" not in text
    assert "👻 Round 3" in text


def test_after_a_poll_the_question_is_not_said_again() -> None:
    for form in (SingleChoice, MultipleResponse):
        entry = entry_of(form)
        item = entry.item
        assert isinstance(item, SingleChoice | MultipleResponse)
        view = shown(result(LIVE, entry, players(), answers(item, players()), as_reply=True))
        assert item.stem not in view.text
        assert not any(option.text in view.text for option in item.options)
        assert not view.buttons


def every_result() -> list[ResultShown]:
    """Every question that has options, sealed ones and parts of cases too, with more people than ever."""
    people = crowd(HOSTILE)
    found = []
    battle = replace(LIVE, rules=Rules(Mode.SUDDEN))
    for pack in packs():
        for entry in pack.entries.values():
            if isinstance(entry.item, SingleChoice | MultipleResponse):
                struck = answers(entry.item, people, wrong=range(20, 100), rash=range(100, CROWD))
                found.append(result(battle, entry, people, struck))
    return found


def test_every_result_fits_a_message_on_each_platform() -> None:
    views = sorted((shown(outcome) for outcome in every_result()), key=lambda view: len(view.text))
    print("longest result:", len(views[-1].text))  # shown by pytest -s
    assert len(views[-1].text) <= LONGEST
    for view in views[-5:]:
        assert len(render(view).html) >= len(view.text)
        sent = taken_by_discord(view)
        told = "\n".join(plain(embed["description"]) for embed in sent["embeds"])
        assert told.replace("\u200b", "").split() == view.text.replace("\u200b", "").split()


def test_the_stem_is_folded_away_in_its_result() -> None:
    entry = entry_of(SingleChoice)
    assert isinstance(entry.item, SingleChoice)
    view = shown(result(LIVE, entry, players(), answers(entry.item, players())))
    assert [span.text for span in view.spans if span.style is Style.QUOTE] == [entry.item.stem]


# --- The end ---


def final(**changes: object) -> FinalShown:
    people = [replace(player, points=100 * player.learner, right=1, answers=1) for player in players()]
    battle = replace(BATTLE, phase=Phase.OVER, number=5, **changes)  # type: ignore[arg-type]
    return FinalShown(battle, HALLS[0], PACK, standings(people), (), 5, has_newcomers=True, counts=True)


def test_a_battle_ends_in_a_rematch_a_replay_ends_in_itself() -> None:
    taps = [one.intent for one in shown(final()).buttons]
    assert taps == [Rematch(BATTLE.id), Replay(BATTLE.id), Board()]
    assert [one.intent for one in shown(final(kind=Kind.GHOST)).buttons] == [Replay(BATTLE.id)]


def test_who_is_equal_shares_a_medal_and_nobody_has_one_for_nothing() -> None:
    equal = [Player(LearnerId(n), f"P{n}", points=100, right=1, answers=1) for n in range(2)]
    third = Player(LearnerId(9), "P9", points=0, answers=1)
    text = shown(replace(final(), standings=standings([*equal, third]))).text
    assert text.count("🥇") == 2
    assert "🥈" not in text
    assert "3. P9" in text


def test_newcomers_are_led_to_a_private_chat() -> None:
    led = [span.text for span in shown(final()).spans if span.to_private]
    assert led == ["Write to me in private to go on learning from them."]
    assert not any(span.to_private for span in shown(replace(final(), has_newcomers=False)).spans)


def test_equal_teams_draw() -> None:
    rules = Rules(Mode.TEAMS)
    assert "A draw: 🔴, 🔵" in shown(final(rules=rules, totals=(300.2, 299.8))).text
    assert "🔵 wins" in shown(final(rules=rules, totals=(200.0, 300.0))).text
    assert "wins" not in shown(final(rules=rules, totals=())).text


def test_a_group_is_told_from_the_other_by_where_it_is() -> None:
    other = Hall(1, Room("discord", "1"), "1")
    text = shown(final(halls=(HALLS[0], other), totals=(100.0, 300.0))).text
    assert "🔵 the Discord server wins" in text
    assert "🔴 this group 100 points" in text


@given(st.text(max_size=300), st.integers(2, 200))
@example("word " * 60, 40)
@example("x" * 300, 40)
def test_a_shortened_text_fits_one_line(text: str, most: int) -> None:
    cut = shortened(text, most)
    assert len(cut) <= most
    assert "\n" not in cut
    assert cut == " ".join(text.split()) or cut.endswith("…")
