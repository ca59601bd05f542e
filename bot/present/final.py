"""What remains of battles: how one ended, a group's board, and when its daily question comes."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.chat.intent import Board, Rank, Rematch, Replay
from bot.chat.view import Button, Span, Style, View
from bot.domain.battle import Battle, Ending, Kind, Mode
from bot.domain.score import Standing, team_of
from bot.present import roster
from bot.present.layout import Page, button, clock, short_day
from bot.present.words import Words
from bot.usecases import fought
from bot.usecases.fought import BoardShown, DailyShown, FinalShown, Missed

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
MOST_MISSED = 3
LONGEST_KNOWS = 76  # characters of what a missed concept is about
LONGEST_TOPIC = 60
MOST_ROWS = 15


def final_shown(outcome: FinalShown, words: Words) -> View:
    """How it ended, who has which place, and what the group should drill."""
    battle, ending = outcome.battle, outcome.battle.ending or Ending.PLAYED
    page = Page().line(roster.title(words, battle, outcome.pack.exam.code), Style.STRONG)
    page.line(words(f"battle-final-{ending.value}", rounds=outcome.rounds))
    if ending is Ending.EMPTY or not outcome.rounds:
        return page.row(button(words("battle-again"), Rematch(battle.id), primary=True)).view()
    if roster.is_together(battle):
        _together(outcome, words, page.gap())
    if battle.has_teams and battle.totals:
        _teams(outcome, words, page.gap())
    _places(outcome.standings, battle, words, page.gap())
    missed = [one for one in outcome.missed if one.missed][:MOST_MISSED]
    _missed(missed, words, page.gap())
    if not outcome.counts and battle.kind is Kind.GROUP:
        page.gap().line(words("battle-alone"))
    if outcome.has_newcomers:
        page.gap().spans(Span(words("battle-kept")), Span(" "), Span(words("battle-kept-link"), to_private=True))
    for row in _onward(battle, missed, words):
        page.row(*row)
    return page.view()


def board_shown(outcome: BoardShown, words: Words) -> View:
    """Places by right answers; a name is on it unless its owner hides it."""
    span, domain = outcome.span, outcome.domain
    page = Page().line(words("board-head", span=span.value), Style.STRONG)
    if domain:
        page.line(domain.name)
    page.gap()
    for row in outcome.rows[:MOST_ROWS]:
        name = roster.name(row.name)
        page.line(
            words(
                "board-row", rank=row.rank, name=name, right=row.right, answers=row.answers, seconds=round(row.took_s)
            )
        )
    if len(outcome.rows) > MOST_ROWS:
        page.line(words("battle-more", n=len(outcome.rows) - MOST_ROWS))
    page.line(words("board-seconds" if outcome.rows else "board-empty"))
    page.gap().line(words("board-hide"))
    chosen = domain.id if domain else ""
    page.row(*(button(words(f"board-{one.value}"), Board(one.value, chosen)) for one in fought.Span if one is not span))
    if domain:
        page.row(button(words("board-domains"), Board(span.value)))
    others = [one for one in (outcome.pack.domains.values() if outcome.pack else ()) if one.id != chosen]
    page.rows([button(one.name, Board(span.value, one.id)) for one in others], 1)
    return page.row(button(words("board-out"), Rank(on=False)), button(words("board-in"), Rank(on=True))).view()


def daily_shown(outcome: DailyShown, words: Words) -> View:
    """When the daily question and its result come, and how to change that."""
    page = Page().line(words("daily-head"), Style.STRONG)
    if outcome.at is None:
        return page.line(words("daily-none")).line(words("daily-how"), Style.CODE).view()
    page.line(words("daily-at", time=clock(outcome.at), zone=outcome.zone))
    if outcome.until is not None:
        page.line(words("daily-until", time=clock(outcome.until)))
    if outcome.next_at is not None:
        local = outcome.next_at.astimezone(ZoneInfo(outcome.zone))
        page.spans(Span(words("daily-next")), Span(" "), Span(short_day(words, local.date()), until=outcome.next_at))
    page.gap().line(words("daily-change")).line(words("daily-how"), Style.CODE)
    return page.line(words("daily-off-how"), Style.CODE).view()


def _together(outcome: FinalShown, words: Words, page: Page) -> None:
    battle, exam = outcome.battle, outcome.pack.exam
    percent, passing = roster.shared(battle, exam, outcome.rounds)
    page.line(words("battle-made" if percent >= passing else "battle-not-made"), Style.STRONG)
    page.line(words("battle-share", percent=percent, passing=passing))


def _teams(outcome: FinalShown, words: Words, page: Page) -> None:
    battle = outcome.battle
    points = [round(total) for total in battle.totals]
    best = [number for number, total in enumerate(points) if total == max(points)]
    names = ", ".join(roster.team(words, battle, outcome.hall, number) for number in best)
    page.line(words("battle-won", teams=names, n=len(best)), Style.STRONG)
    for line in roster.totals(words, battle, outcome.hall):
        page.line(line)


def _places(standings: Sequence[Standing], battle: Battle, words: Words, page: Page) -> None:
    for one in roster.placed(battle, standings):
        page.line(_place(one, battle, words))
    for line in roster.unplaced(words, battle, standings):
        page.line(line)


def _place(one: Standing, battle: Battle, words: Words) -> str:
    player = one.player
    has_medal = player.right > 0 and player.out != 0 and not roster.is_together(battle)
    values: dict[str, str | int | float] = {
        "rank": (MEDALS.get(one.rank) if has_medal else None) or words("battle-rank", n=one.rank),
        "name": roster.called(player),
        "right": player.right,
        "answers": player.answers,
        "points": player.points,
        "round": player.out or 0,
    }
    if player.out == 0:
        return words("battle-place-aside", **values)
    if player.out is not None:
        return words("battle-place-out", **values)
    is_plain = battle.rules.mode in (Mode.SUDDEN, Mode.COOP)
    place = words("battle-place-right" if is_plain else "battle-place", **values)
    return f"{place} {roster.color(team_of(battle, player))}" if battle.has_teams else place


def _missed(missed: Sequence[Missed], words: Words, page: Page) -> None:
    if not missed:
        page.line(words("battle-none-missed"))
        return
    page.line(words("battle-missed-head"), Style.STRONG)
    for one in missed:
        page.line(words("battle-missed", knows=roster.shortened(one.concept.knows, LONGEST_KNOWS)))
        topic = roster.shortened(one.place.topic.title, LONGEST_TOPIC)
        page.line(words("battle-missed-of", missed=one.missed, of=one.of, topic=topic))
    page.gap().line(words("battle-drill-how")).line(
        words("battle-drill-command", topic=missed[0].place.topic.id), Style.CODE
    )


def _onward(battle: Battle, missed: Sequence[Missed], words: Words) -> list[list[Button]]:
    replay = button(words("battle-replay"), Replay(battle.id))
    board = button(words("battle-board"), Board())
    if battle.kind is not Kind.GROUP:
        return [[replay if battle.kind is Kind.GHOST else board]]
    rows = [[button(words("battle-rematch"), Rematch(battle.id), primary=True)]]
    if missed:
        topic = missed[0].place.topic
        rows.append([button(words("battle-drill", topic=topic.title), Rematch(battle.id, topic.id))])
    return [*rows, [replay, board]]
