"""The lobby of a battle, its rules, and the board that it becomes: one message."""

from collections.abc import Sequence

from bot.chat.intent import Arrange, Begin, Enter, Leave, Stop
from bot.chat.view import Button, Span, Style, View
from bot.domain.battle import WEAK, Battle, Ending, Kind, Mode, Phase, Player
from bot.domain.item import Difficulty
from bot.domain.score import Standing, team_of, teams_of
from bot.present.layout import Page, button
from bot.present.question import MARKED
from bot.present.roster import (
    OUT,
    STREAK,
    STREAK_FROM,
    called,
    color,
    is_together,
    listed,
    members,
    name,
    placed,
    shared,
    shortened,
    team,
    title,
    totals,
    unplaced,
)
from bot.present.words import Words
from bot.usecases.fought import ALL, ANY, AUTO, CLOSED, PANEL, Lobby

VALUES = {
    "mode": tuple(mode.value for mode in Mode),
    "rounds": ("5", "10", "15", "20", "30"),
    "seconds": (AUTO, "10", "15", "20", "30", "45", "60", "90"),
    "level": (ANY, *(level.value for level in Difficulty)),
    "teams": ("2", "3", "4"),
    "pick": ("0", "1"),
    "thread": ("0", "1"),
}
NUMBERS = ("rounds", "teams")  # rules whose values are said as they are
WIDTHS = {"mode": 2, "rounds": 5, "seconds": 4, "level": 4, "teams": 3, "pick": 1, "thread": 1, "scope": 1}
PAIRS = (("mode", "rounds"), ("seconds", "level"), ("scope",), ("teams", "pick"), ("thread",))  # rows of buttons
MOST_NAMES = 20
LONGEST_SCOPE = 60  # characters


def lobby(outcome: Lobby, words: Words) -> View:
    """The message in the state that its battle is in."""
    battle = outcome.battle
    if battle.phase is Phase.OVER or outcome.hall.is_gone:
        return _over(outcome, words)
    if battle.phase is not Phase.LOBBY:
        return _board(outcome, words)
    if battle.panel == PANEL:
        return _rules(outcome, words)
    if battle.panel in _rules_of(outcome):
        return _values(outcome, battle.panel, words)
    return _waiting_room(outcome, words)


def _over(outcome: Lobby, words: Words) -> View:
    page = Page().line(title(words, outcome.battle, outcome.pack.exam.code), Style.STRONG)
    ending = outcome.battle.ending
    return page.line(words("battle-final-empty" if ending is Ending.EMPTY else "battle-over")).view()


def _waiting_room(outcome: Lobby, words: Words) -> View:
    battle = outcome.battle
    page = _head(outcome, words)
    _who(outcome, words, page.gap())
    if battle.code:
        page.gap().line(words("battle-code")).line(words("battle-code-command", code=battle.code), Style.CODE)
    joining = [button(words("battle-join"), Enter(battle.id))]
    if battle.rules.mode is Mode.TEAMS and battle.rules.picks_team and len(battle.halls) == 1:
        joining = [
            button(words("battle-join-team", team=color(number)), Enter(battle.id, number))
            for number in range(battle.rules.teams)
        ]
    page.rows(joining, 2)
    rules = [button(words("battle-rules"), Arrange(battle.id, ""))] if battle.kind is Kind.GROUP else []
    page.row(button(words("battle-leave"), Leave(battle.id)), *rules)
    return page.row(button(words("battle-start"), Begin(battle.id), primary=True)).view()


def _head(outcome: Lobby, words: Words) -> Page:
    battle, rules = outcome.battle, outcome.battle.rules
    page = Page().line(title(words, battle, outcome.pack.exam.code), Style.STRONG)
    if battle.kind is Kind.GHOST:
        page.line(words("battle-ghost"))
    page.line(words(f"battle-mode-{rules.mode.value}"))
    if len(battle.halls) > 1 and rules.mode is not Mode.TEAMS:
        page.line(words("battle-groups-rule"))
    time = words("battle-time", seconds=rules.seconds) if rules.seconds else words("battle-time-auto")
    page.line(words("battle-facts", rounds=rules.rounds, time=time))
    scope = shortened(_value(outcome, "scope", words), LONGEST_SCOPE)
    level = rules.difficulty
    page.line(words("battle-from", scope=scope, level=level.value if level else ANY))
    return page.line(words("battle-host", name=name(outcome.leader))) if outcome.leader else page


def _who(outcome: Lobby, words: Words, page: Page) -> None:
    battle = outcome.battle
    here = [player for player in outcome.players if player.gone is None]
    if battle.has_teams:
        count = teams_of(battle)
        for number in range(count):
            names = [called(player) for player in members(battle, here, number)]
            who = listed(words, names, MOST_NAMES // count) or words("battle-nobody")
            page.line(words("battle-team", team=team(words, battle, outcome.hall, number), names=who))
    elif here:
        page.line(words("battle-in", n=len(here), names=listed(words, [called(one) for one in here], MOST_NAMES)))
    else:
        page.line(words("battle-in-none"))


def _rules_of(outcome: Lobby) -> list[str]:
    battle = outcome.battle
    of_teams = ["teams", "pick"] if battle.rules.mode is Mode.TEAMS and len(battle.halls) == 1 else []
    return ["mode", "rounds", "seconds", "level", "scope", *of_teams, *(["thread"] if outcome.hall.has_threads else [])]


def _rules(outcome: Lobby, words: Words) -> View:
    battle, rules = outcome.battle, _rules_of(outcome)
    page = Page().line(title(words, battle, outcome.pack.exam.code), Style.STRONG)
    page.line(words("battle-rules-head")).line(words("battle-rules-rash"))
    for pair in PAIRS:
        page.row(*(_rule(outcome, rule, words) for rule in pair if rule in rules))
    return page.row(button(words("battle-back"), Arrange(battle.id, CLOSED))).view()


def _rule(outcome: Lobby, rule: str, words: Words) -> Button:
    label = words("battle-rule", rule=words(f"battle-rule-{rule}"), value=_value(outcome, rule, words))
    return button(label, Arrange(outcome.battle.id, rule))


def _values(outcome: Lobby, rule: str, words: Words) -> View:
    battle = outcome.battle
    page = Page().line(words(f"battle-rule-{rule}"), Style.STRONG)
    if rule == "mode":
        for mode in Mode:
            page.line(words(f"battle-mode-{mode.value}"))
    else:
        page.line(words(f"battle-ask-{rule}"))
    current = _current(battle, rule)
    buttons = []
    for value, label in _choices(outcome, rule, words):
        mark = MARKED if value == current else ""
        buttons.append(button(mark + label, Arrange(battle.id, rule, value)))
    return page.rows(buttons, WIDTHS[rule]).row(button(words("battle-back"), Arrange(battle.id, ""))).view()


def _choices(outcome: Lobby, rule: str, words: Words) -> list[tuple[str, str]]:
    """Values with their labels."""
    if rule == "scope":
        return [(ALL, words("battle-scope-all")), (WEAK, words("battle-scope-weak")), *outcome.scopes]
    return [(value, _label(rule, value, words)) for value in VALUES[rule]]


def _value(outcome: Lobby, rule: str, words: Words) -> str:
    """What is chosen for a rule, as a label."""
    value = _current(outcome.battle, rule)
    if rule != "scope":
        return _label(rule, value, words)
    own = {ALL: words("battle-scope-all"), WEAK: words("battle-scope-weak")}
    return own.get(value, outcome.scope or value)


def _label(rule: str, value: str, words: Words) -> str:
    if rule in NUMBERS:
        return value
    if rule == "seconds" and value != AUTO:
        return words("battle-value-seconds", n=int(value))
    return words(f"battle-value-{rule}-{value}")


def _current(battle: Battle, rule: str) -> str:
    rules = battle.rules
    chosen = {
        "mode": rules.mode.value,
        "rounds": str(rules.rounds),
        "seconds": str(rules.seconds or AUTO),
        "scope": rules.scope or ALL,
        "level": rules.difficulty.value if rules.difficulty else ANY,
        "teams": str(rules.teams),
        "pick": str(int(rules.picks_team)),
        "thread": str(int(rules.in_thread)),
    }
    return chosen[rule]


def _board(outcome: Lobby, words: Words) -> View:
    battle = outcome.battle
    page = Page().line(title(words, battle, outcome.pack.exam.code), Style.STRONG)
    page.line(words("battle-progress", number=battle.number, rounds=battle.rules.rounds))
    closed = battle.number if battle.phase is Phase.SHOWN else battle.number - 1
    if closed < 1:
        _who(outcome, words, page.gap())
    else:
        if is_together(battle):
            percent, passing = shared(battle, outcome.pack.exam, closed)
            page.gap().line(words("battle-share", percent=percent, passing=passing), Style.STRONG)
        if battle.has_teams:
            page.gap()
            for line in totals(words, battle, outcome.hall):
                page.line(line, Style.STRONG)
        _standings(outcome.standings, battle, words, page.gap())
    page.row(button(words("battle-join"), Enter(battle.id)), button(words("battle-leave"), Leave(battle.id)))
    return page.row(button(words("battle-stop"), Stop(battle.id))).view()


def _standings(standings: Sequence[Standing], battle: Battle, words: Words, page: Page) -> None:
    for one in placed(battle, standings):
        page.spans(Span(_row(one, battle, words)))
    for line in unplaced(words, battle, standings):
        page.line(line)


def _row(one: Standing, battle: Battle, words: Words) -> str:
    player: Player = one.player
    who = called(player)
    if player.out == 0:
        return words("battle-row-aside", name=who)
    if player.out is not None:
        return words("battle-row-out", rank=one.rank, name=OUT + who, round=player.out)
    key = "battle-row-right" if battle.rules.mode in (Mode.SUDDEN, Mode.COOP) else "battle-row"
    row = words(key, rank=one.rank, name=who, points=player.points, right=player.right)
    if battle.has_teams:
        row = f"{row} {color(team_of(battle, player))}"
    return f"{row} {STREAK}{player.streak}" if player.streak >= STREAK_FROM else row
