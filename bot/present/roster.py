"""Who plays, in words: names, teams, and what a battle is called."""

import unicodedata
from collections.abc import Sequence

from bot.domain.battle import Battle, Hall, Kind, Mode, Player
from bot.domain.pack import Exam
from bot.domain.score import Standing, team_of
from bot.present.words import Words

GHOST, OUT, STREAK = "👻 ", "✖ ", "🔥"  # the same in every language
COLORS = "🔴🔵🟢🟡"  # of the teams, in their order
STREAK_FROM = 3  # right answers in a row that are worth a word
MOST_PLACES = 10  # of those who play, on a board and at the end
_LEFTWARD = frozenset({"R", "AL", "RLE", "RLO"})
_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def title(words: Words, battle: Battle, code: str) -> str:
    """What the battle is, and about which exam."""
    return words("battle-title", kind=battle.kind.value, code=code)


def name(text: str) -> str:
    """A name that leaves the direction of the words after it alone."""
    leftward = any(unicodedata.bidirectional(character) in _LEFTWARD for character in text)
    return f"{_ISOLATE}{text}{_END}" if leftward else text


def called(player: Player) -> str:
    """A player's name, with a mark if they played back then."""
    return (GHOST if player.is_ghost else "") + name(player.name)


def listed(words: Words, names: Sequence[str], most: int) -> str:
    """Names in one line, the last of very many counted."""
    more = [words("battle-more", n=len(names) - most)] if len(names) > most else []
    return ", ".join([*names[:most], *more])


def placed(battle: Battle, standings: Sequence[Standing]) -> list[Standing]:
    """The first places; who replays a battle is among them, however they did."""
    first, rest = list(standings[:MOST_PLACES]), standings[MOST_PLACES:]
    own = [one for one in rest if not one.player.is_ghost] if battle.kind is Kind.GHOST else []
    return first + own[:MOST_PLACES]


def unplaced(words: Words, battle: Battle, standings: Sequence[Standing]) -> list[str]:
    """A line that counts those who have none of the first places, if there are any."""
    left = len(standings) - len(placed(battle, standings))
    return [words("battle-more", n=left)] if left else []


def color(number: int) -> str:
    """A team's color."""
    return COLORS[number % len(COLORS)]


def team(words: Words, battle: Battle, hall: Hall, number: int) -> str:
    """A team by its color; one that is a group by where it is, too."""
    if len(battle.halls) < 2:
        return color(number)
    there = battle.halls[number]
    where = "here" if there.place == hall.place else there.room.platform
    return f"{color(number)} {words('battle-group', where=where)}"


def members(battle: Battle, players: Sequence[Player], number: int) -> list[Player]:
    """Who plays for a team."""
    return [player for player in players if team_of(battle, player) == number]


def totals(words: Words, battle: Battle, hall: Hall) -> list[str]:
    """Each team with its points, the best first."""
    ranked = sorted(enumerate(battle.totals), key=lambda one: (-one[1], one[0]))
    return [
        words("battle-total", team=team(words, battle, hall, number), points=round(points)) for number, points in ranked
    ]


def pass_share(exam: Exam) -> float:
    """The part of the scale that passes; the exam's owner publishes no formula, so it is taken as linear."""
    low, high = exam.scale
    return (exam.pass_mark - low) / (high - low)


def shared(battle: Battle, exam: Exam, rounds: int) -> tuple[int, int]:
    """The per cent that all together had right in so many rounds, and the per cent that passes."""
    return round(100 * battle.share / rounds), round(100 * pass_share(exam))


def is_together(battle: Battle) -> bool:
    """Whether all play for one thing, so that places matter little."""
    return battle.rules.mode is Mode.COOP


def shortened(text: str, most: int) -> str:
    """The text on one line, its end left out between words if it is too long."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(",;:") + "…"
