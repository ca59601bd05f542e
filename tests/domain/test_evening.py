"""Whole battles in which people, rooms and platforms do anything at any time."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.battle import (
    MOST_IDLE,
    Battle,
    Ending,
    Mode,
    No,
    Phase,
    Player,
    Struck,
    begin,
    end,
    enter,
    is_answered,
    is_over,
    leave,
    opens,
    pose,
    strike,
)
from bot.domain.ids import LearnerId
from bot.domain.score import close, standings, team_of
from tests.domain.battles import ANSWERING, ITEM, KEY, NOW, READING, battle, round_of

WAY = {  # what may follow what, besides the end
    Phase.LOBBY: {Phase.POSED},
    Phase.POSED: {Phase.OPEN, Phase.SHOWN},
    Phase.OPEN: {Phase.SHOWN},
    Phase.SHOWN: {Phase.POSED},
    Phase.OVER: set[Phase](),
}
LATEST = timedelta(seconds=READING + ANSWERING + 0.7)

people, options = st.integers(1, 6), st.sampled_from((KEY, KEY, 1, 2))
pauses = st.integers(0, 150).map(lambda tenths: tenths / 10) | st.sampled_from((0, 1.5, 30.7, 31))


class Evening(RuleBasedStateMachine):
    """People, rooms and platforms that do anything at any time; what was promised holds after every step."""

    @initialize(
        mode=st.sampled_from(Mode),
        halls=st.integers(1, 3),
        picks=st.booleans(),
        rounds=st.integers(2, 6),
        early=st.sets(people, min_size=2),
    )
    def gather(self, mode: Mode, halls: int, picks: bool, rounds: int, early: set[int]) -> None:
        self.game = battle(mode, halls=halls, rules={"picks_team": picks, "rounds": rounds, "teams": 3})
        self.crowd: dict[LearnerId, Player] = {}
        self.round, self.now = round_of(0, {}), NOW
        self.struck: dict[LearnerId, Struck] = {}
        self.scores: dict[tuple[LearnerId, int], int] = {}
        self.totals = [0.0, 0.0, 0.0]
        for learner in early:
            self.come(learner, learner % 3)

    def become(self, game: Battle) -> None:
        now = self.game.phase
        assert game.phase in {now, Phase.OVER} | WAY[now]
        is_cut = game.phase is Phase.OVER and now in (Phase.POSED, Phase.OPEN)  # a round that is none of those played
        assert game.number - self.game.number == (game.phase is Phase.POSED is not now) - is_cut
        self.game = game

    @rule(learner=people, team=st.none() | st.integers(0, 2))
    def come(self, learner: int, team: int | None) -> None:
        known, place = self.crowd.get(LearnerId(learner)), learner % len(self.game.halls)
        crowd, by_answer = list(self.crowd.values()), team == 0
        found = enter(self.game, crowd, LearnerId(learner), f"Player {learner}", place, team, by_answer=by_answer)
        if isinstance(found, Player):
            is_running = self.game.phase in (Phase.POSED, Phase.OPEN)
            first = self.game.number + (not (is_running and by_answer))
            assert found.is_in(first), "from the next round on, or from the one that is answered"
            assert known or not found.is_in(first - 1), "and nothing before it"
            self.crowd[found.learner] = found
        else:
            is_late = self.game.phase is Phase.OVER or self.game.number == self.game.rules.rounds
            assert is_late or (known and known.gone is None), "who is not in can come until the last round"

    @rule(learner=people)
    def go(self, learner: int) -> None:
        if before := self.crowd.get(LearnerId(learner)):
            found = leave(self.game, before, has_answered=before.learner in self.struck)
            if isinstance(found, Player):
                assert replace(found, gone=None) == before, "it costs nothing"
                assert not found.is_in(self.game.number + 1)
                self.crowd[found.learner] = found

    @rule(seconds=pauses)
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.game.phase in (Phase.LOBBY, Phase.SHOWN))
    @rule(reach=st.lists(st.integers(0, 20), min_size=3, max_size=3))
    def go_on(self, reach: list[int]) -> None:
        """The next question, in the rooms of quick platforms at once."""
        crowd = list(self.crowd.values())
        if begin(self.game, crowd) is No.ALONE:
            return
        if self.game.number and (why := is_over(self.game, crowd)):
            self.become(end(self.game, why, self.now))
            return
        self.become(pose(self.game, self.now))
        self.round, self.struck = round_of(self.game.number, {}, self.now), {}
        for place, seconds in enumerate(reach):
            if seconds < 10:
                self.acknowledge(place)

    @precondition(lambda self: self.game.phase in (Phase.POSED, Phase.OPEN))
    @rule(place=st.integers(0, 2))
    def acknowledge(self, place: int) -> None:
        self.round = replace(self.round, opened={place: self.now} | dict(self.round.opened))
        self.become(opens(self.game, self.round, self.now))
        heard = all(one.place in self.round.opened for one in self.game.present)
        assert (self.game.phase is Phase.OPEN) == (heard and bool(self.game.present))

    @rule(place=st.integers(1, 2), is_sure=st.integers(0, 4))
    def lose_a_room(self, place: int, is_sure: int) -> None:
        if not is_sure:
            halls = tuple(replace(one, is_gone=one.is_gone or one.place == place) for one in self.game.halls)
            self.become(replace(self.game, halls=halls))
            self.become(opens(self.game, self.round, self.now))

    @rule(learner=people, option=options, seconds=pauses)
    def tap(self, learner: int, option: int, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        if (who := self.crowd.get(LearnerId(learner))) is None:
            return
        got = strike(self.game, self.round, who, self.struck.get(who.learner), [option], self.now, wanted=1)
        started = self.round.opened.get(who.hall)
        in_time = self.game.phase in (Phase.POSED, Phase.OPEN) and (started is None or self.now <= started + LATEST)
        is_in = who.is_in(self.game.number)
        assert isinstance(got, Struck) == (in_time and is_in and who.learner not in self.struck)
        if isinstance(got, Struck):
            self.struck[who.learner] = got

    @precondition(lambda self: self.game.phase is Phase.OPEN)
    @rule(is_patient=st.booleans(), seed=st.integers(0, 9))
    def look(self, is_patient: bool, seed: int) -> None:
        """Closes the round if it is time, or waits until it is."""
        crowd, due = list(self.crowd.values()), self.round.closes_at(self.game.present)
        if is_patient and due:
            self.now = max(self.now, due)
        if due and (due <= self.now or is_answered(self.round, crowd, frozenset(self.struck))):
            self.finish_round(crowd, Random(seed))

    @precondition(lambda self: self.game.phase is not Phase.OVER)
    @rule(taps=st.lists(st.tuples(people, options, pauses), max_size=8), seed=st.integers(0, 9))
    def play_on(self, taps: list[tuple[int, int, float]], seed: int) -> None:
        """A round, or what is left of one, with nothing in its way."""
        if self.game.phase in (Phase.LOBBY, Phase.SHOWN):
            self.go_on([0, 0, 0])
        if self.game.phase is Phase.POSED:
            for place in range(3):
                self.acknowledge(place)
        for tap in taps:
            self.tap(*tap)
        if self.game.phase is Phase.OPEN:
            self.look(is_patient=True, seed=seed)

    def finish_round(self, crowd: list[Player], lot: Random) -> None:
        number, given_ = self.game.number, list(self.struck.values())
        graded = close(self.game, self.round, ITEM, crowd, given_)
        mixed = close(self.game, self.round, ITEM, crowd, lot.sample(given_, len(given_)))
        assert mixed == graded
        for learner, mark in graded.marks.items():
            assert (learner, number) not in self.scores, "nobody scores twice"
            in_play = self.crowd[learner].is_in(number) and self.crowd[learner].out is None
            assert (mark.points > 0) == (KEY in self.struck[learner].chosen and in_play)
            self.scores[learner, number] = mark.points
        for team in range(3):
            side = [
                one
                for one in crowd
                if team_of(self.game, one) == team
                and one.is_in(number)
                and one.out is None
                and (one.idle < MOST_IDLE or one.learner in graded.marks)
            ]
            self.totals[team] += sum(self.scores.get((one.learner, number), 0) for one in side) / max(1, len(side))
        self.crowd = {one.learner: one for one in graded.players}
        self.become(replace(graded.battle, phase=Phase.SHOWN, since=self.now))

    @precondition(lambda self: self.game.number > 1)
    @rule(is_sure=st.integers(0, 19))
    def stop(self, is_sure: int) -> None:
        if not is_sure and self.game.phase is not Phase.OVER:
            self.become(end(self.game, Ending.STOPPED, self.now))

    @invariant()
    def every_total_is_the_sum_of_its_closed_rounds(self) -> None:
        for one in self.crowd.values():
            got = [points for (learner, _), points in self.scores.items() if learner == one.learner]
            assert one.points == sum(got)
            assert one.right <= one.answers <= len(got)
        if self.game.totals:
            assert list(self.game.totals) == pytest.approx(self.totals[: len(self.game.totals)])

    @invariant()
    def the_table_is_in_order(self) -> None:
        table = standings(self.crowd.values())
        assert [one.rank for one in table] == sorted(one.rank for one in table)
        if self.game.rules.mode is not Mode.SUDDEN:
            points = [one.player.points for one in table]
            assert points == sorted(points, reverse=True)


TestEvening = Evening.TestCase
TestEvening.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
