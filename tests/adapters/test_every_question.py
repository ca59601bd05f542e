"""Every question that is shipped, with its verdict: one Telegram message, one Discord embed, not a word lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from adapters.discord import render as discord
from adapters.telegram.render import LONGEST, render
from bot.chat.view import View
from bot.domain.exercise import GENERATORS, SEEDS, Exercise
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.pack import Entry, Pack
from bot.domain.practice import AskState
from bot.present.message import message
from bot.present.words import words_for
from bot.usecases.outcome import Asked, Locked, Outcome, Posed, Pushed
from tests.adapters import gallery
from tests.adapters.test_discord_render import taken as taken_by_discord
from tests.adapters.test_telegram_render import taken as taken_by_telegram
from tests.dialogues.discord_chat import plain

EN = words_for("en")
DRAWS = 20  # exercises of each generator
Entries = list[tuple[Pack, Entry, SingleChoice | MultipleResponse]]


@cache
def entries() -> dict[str, Entries]:
    """All that has options, sealed items too, by kind."""
    found: dict[str, Entries] = {"item": [], "case part": [], "exercise": []}
    for pack in gallery.packs():
        for entry in pack.entries.values():
            if isinstance(entry.item, SingleChoice | MultipleResponse) and not isinstance(entry.item, Exercise):
                found["case part" if entry.case else "item"].append((pack, entry, entry.item))
        for number, name in enumerate(sorted(GENERATORS)):
            specimen = pack.exercises.get(name, entry)
            for draw in range(DRAWS):
                item = GENERATORS[name].make((draw * (SEEDS // DRAWS) + 7919 * number) % SEEDS)
                found["exercise"].append((pack, replace(specimen, item=item), item))
    return found


def states(pack: Pack, posed: Posed) -> Iterator[tuple[str, Outcome]]:
    """The states of a question's message that are the longest."""
    item = posed.item
    ranked = sorted(range(len(item.options)), key=lambda index: index in item.keys)
    wrong = frozenset(ranked[: len(item.keys)])
    yield "asked", Asked(posed)
    yield "pushed", Pushed(posed, pack, 123, is_slow=True)
    yield "locked", Locked(gallery._marked(posed, wrong, AskState.PICKED))
    yield "verdict", gallery._graded(posed, wrong)


@pytest.mark.parametrize("kind", ["item", "case part", "exercise"])
def test_it_fits_one_message_and_one_embed(kind: str) -> None:
    longest: Counter[str] = Counter()
    for pack, entry, item in entries()[kind]:
        posed = replace(gallery._pose(pack, entry, item, number=10), minutes_left=180)
        for state, outcome in states(pack, posed):
            view = message(outcome, EN)
            assert isinstance(view, View)
            words, _ = taken_by_telegram(render(view))
            assert words.text == view.text.strip(), item.id
            assert len(words.text) <= LONGEST
            embeds = taken_by_discord(view)["embeds"]
            assert len(embeds) == 1, (item.id, state, [len(embed["description"]) for embed in embeds])
            (embed,) = embeds
            assert len(embed["description"]) <= discord.MOST_IN_EMBED
            assert plain(embed["description"]).split() == view.text.split(), item.id
            longest[f"{state} on Telegram"] = max(longest[f"{state} on Telegram"], len(words.text))
            longest[f"{state} on Discord"] = max(longest[f"{state} on Discord"], len(embed["description"]))
    print(f"longest of {len(entries()[kind])} {kind}s:", dict(longest))  # shown by pytest -s


def test_there_is_something_of_each_kind_to_fit() -> None:
    assert all(entries().values()), {kind: len(found) for kind, found in entries().items()}
