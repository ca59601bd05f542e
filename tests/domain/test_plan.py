"""The plan, for any exam, week, weakness and amount of matter, from 200 days before the exam to its day."""

import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.allotment import LEAST, MOST_LIGHT, half_of
from bot.domain.countdown import STUDY, WINDOW, Exam, SlotKind, compile_slots
from bot.domain.filling import MOCKS, MOST_NEW_SHARE, MOST_NEW_SHARE_LATER, NEW_S
from bot.domain.learner import Energy
from bot.domain.localtime import day_of
from bot.domain.plan import Block, BlockKind, Fits, Phase, Plan, Short, Terms, make_plan
from bot.domain.rehearsal import APART
from bot.domain.rotation import MOST_FLOOR, shares

DAY = timedelta(days=1)
SUNDAY = date(2026, 11, 1)
DOMAINS = (("data-engineering", 20), ("exploratory-analysis", 24), ("modeling", 36), ("operations", 20))
EVEN = tuple((domain, 0.5) for domain, _ in DOMAINS)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Apia", "America/St_Johns", "UTC")
BEFORE_THE_END = (Phase.LEARN, Phase.CONSOLIDATE, Phase.REVISION)


def terms_for(days: int, week: tuple[int, ...] = (60,) * 7, **other: object) -> Terms:
    """Terms of somebody who begins on a Sunday."""
    exam = Exam(SUNDAY + days * DAY, time(9), "Europe/Berlin", 180)
    terms = Terms(SUNDAY, exam, "Europe/Berlin", (time(22), time(7)), week, DOMAINS, EVEN, new=200, due=0)
    return replace(terms, **other)  # type: ignore[arg-type]


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    today = SUNDAY + draw(st.integers(0, 400)) * DAY
    exam = Exam(
        today + draw(st.integers(-2, 21) | st.integers(0, 200)) * DAY,
        time(draw(st.integers(0, 23)), draw(st.sampled_from((0, 30)))),
        draw(st.sampled_from(ZONES)),
        draw(st.sampled_from((180, 130, 90, 65))),
        is_remote=draw(st.booleans()),
    )
    week = draw(
        st.integers(5, 300).map(lambda minutes: (minutes,) * 7)
        | st.tuples(*[st.integers(0, 300) | st.sampled_from((0, 5, 20, 240))] * 7)
    )
    domains = draw(st.lists(st.integers(1, 60), min_size=2, max_size=6))
    return Terms(
        today=today,
        exam=exam,
        home=draw(st.sampled_from(ZONES)),
        quiet=draw(st.sampled_from(((time(22), time(7)), (time(0), time(0)), (time(9), time(17))))),
        week=week,
        weights=tuple((f"domain-{number}", weight) for number, weight in enumerate(domains)),
        weakness=tuple((f"domain-{number}", draw(st.floats(0, 1))) for number in range(len(domains))),
        new=draw(st.integers(0, 60) | st.integers(0, 600)),
        due=draw(st.integers(0, 200)),
        sets_done=tuple(sorted({today - days * DAY for days in draw(st.lists(st.integers(0, 60), max_size=4))})),
        paused_until=draw(st.none() | st.integers(-3, 30).map(lambda days: today + days * DAY)),
        energy=draw(st.none() | st.sampled_from(Energy)),
        since=draw(st.none() | st.integers(0, 150).map(lambda days: today - days * DAY)),
    )


def by_day(plan: Plan) -> dict[date, list[Block]]:
    found: dict[date, list[Block]] = defaultdict(list)
    for block in plan.blocks:
        found[block.day].append(block)
    return found


def of_kind(plan: Plan, *kinds: BlockKind) -> list[Block]:
    return [block for block in plan.blocks if block.kind in kinds]


def within(plan: Plan, *phases: Phase) -> list[Block]:
    return [block for block in plan.blocks if plan.phase_on(block.day) in phases]


@given(any_terms())
def test_a_plan_never_asks_for_more_than_the_minutes_of_a_day(terms: Terms) -> None:
    plan = make_plan(terms)
    for day, blocks in by_day(plan).items():
        assert sum(block.minutes for block in blocks) <= terms.minutes_on(day)


@given(any_terms())
def test_blocks_come_in_order_from_today_to_the_day_before_the_exam_and_each_is_one_of_its_kind(terms: Terms) -> None:
    plan = make_plan(terms)
    assert [block.day for block in plan.blocks] == sorted(block.day for block in plan.blocks)
    assert all(terms.today <= block.day < terms.exam.day for block in plan.blocks)
    names = [(block.day, block.kind, block.domain) for block in plan.blocks]
    assert len(set(names)) == len(names)
    for block in plan.blocks:
        assert block.domain is None or block.domain in dict(terms.weights)
        assert (block.size is not None) == (block.kind is BlockKind.SET)
        if block.kind not in (BlockKind.REST, BlockKind.RECAP):
            assert block.minutes >= LEAST
    assert all(plan.on(day) == tuple(blocks) for day, blocks in by_day(plan).items())


@given(any_terms())
def test_no_new_topic_from_72_hours_before_the_exam_on(terms: Terms) -> None:
    opening = terms.exam.at - WINDOW
    first = min(day_of(opening, ZoneInfo(terms.home)), day_of(opening, ZoneInfo(terms.exam.zone)))
    assert all(block.day < first for block in of_kind(make_plan(terms), BlockKind.LEARN))


@given(any_terms())
def test_the_last_72_hours_are_those_of_the_countdown(terms: Terms) -> None:
    exam, zone = terms.exam, ZoneInfo(terms.exam.zone)
    slots = compile_slots(exam, exam.at - WINDOW, terms.quiet, terms.minutes_on)
    expected = [
        (day_of(slot.at, zone), slot.kind.value, slot.minutes)
        for slot in slots
        if slot.kind in (*STUDY, SlotKind.LIGHT) and day_of(slot.at, zone) >= terms.today
    ]
    plan = make_plan(terms)
    kinds = {kind.value for kind in (*STUDY, SlotKind.LIGHT)}
    final = [b for b in within(plan, Phase.FINAL) if b.kind.value in kinds]
    assert [(block.day, block.kind.value, block.minutes) for block in final] == expected
    rest = [block.day for block in of_kind(plan, BlockKind.REST)]
    assert rest == ([exam.day - DAY] if terms.today < exam.day else [])
    allowed = {BlockKind.LIGHT, BlockKind.REST}
    assert all(block.kind in allowed and block.minutes <= MOST_LIGHT for block in plan.on(exam.day - DAY))


@given(any_terms())
def test_phases_follow_each_other_from_today_to_the_exam(terms: Terms) -> None:
    plan = make_plan(terms)
    if terms.today > terms.exam.day:
        assert not plan.phases
        return
    order = [phase for phase, _, _ in plan.phases]
    assert order == [phase for phase in Phase if phase in order]
    assert plan.phases[0][1] == terms.today
    assert plan.phases[-1][0] is Phase.FINAL
    assert plan.phases[-1][2] == terms.exam.day
    assert all(later[1] - earlier[2] == DAY for earlier, later in pairwise(plan.phases))
    length = {phase: (last - first).days + 1 for phase, first, last in plan.phases}
    assert length.get(Phase.REVISION, 0) <= 10
    if Phase.LEARN in order or Phase.CONSOLIDATE in order:
        assert length[Phase.REVISION] >= 7


@pytest.mark.parametrize(
    ("days", "lengths"),
    [
        (200, {"learn": 113, "consolidate": 74, "revision": 10, "final": 4}),
        (60, {"learn": 29, "consolidate": 18, "revision": 10, "final": 4}),
        (45, {"learn": 21, "consolidate": 13, "revision": 8, "final": 4}),
        (20, {"learn": 6, "consolidate": 4, "revision": 7, "final": 4}),
        (11, {"learn": 1, "revision": 7, "final": 4}),
        (10, {"revision": 7, "final": 4}),
        (5, {"revision": 2, "final": 4}),
        (3, {"final": 4}),
        (0, {"final": 1}),
        (-1, {}),
    ],
)
def test_a_shorter_plan_leaves_out_learning_first_then_consolidating(days: int, lengths: dict[str, int]) -> None:
    found = {phase.value: (last - first).days + 1 for phase, first, last in make_plan(terms_for(days)).phases}
    assert found == lengths


@given(any_terms())
def test_sets_are_three_days_apart_also_from_those_that_were_taken_and_from_the_last_one(terms: Terms) -> None:
    plan = make_plan(terms)
    placed = [block.day for block in within(plan, *BEFORE_THE_END) if block.kind is BlockKind.SET]
    last = [block.day for block in within(plan, Phase.FINAL) if block.kind is BlockKind.SET][:1]
    assert all((later - earlier).days >= APART for earlier, later in pairwise(placed + last))
    assert all(abs((day - taken).days) >= APART for day in placed for taken in terms.sets_done)
    assert len(placed) + terms.mocks <= MOCKS + 1 or len(placed) <= 1


@given(any_terms())
def test_a_set_is_as_long_as_its_day_allows_and_gone_over_that_day_or_the_next_of_study(terms: Terms) -> None:
    plan, paper = make_plan(terms), terms.exam.minutes
    blocks = by_day(plan)
    for block in of_kind(plan, BlockKind.SET):
        if block.size == "full":
            assert block.minutes == paper
        elif block.size == "half":
            assert half_of(paper) <= block.minutes < paper
        else:
            assert 14 <= block.minutes < half_of(paper)
        if plan.phase_on(block.day) is Phase.FINAL:
            continue
        later = [day for day in (block.day, block.day + DAY, block.day + 2 * DAY) if terms.minutes_on(day) >= LEAST]
        found = [day for day in later if any(one.kind is BlockKind.SET_REVIEW for one in blocks[day])]
        assert found
        assert found[0] in later[:2]


@given(any_terms())
def test_no_set_before_two_thirds_of_the_time_to_learn(terms: Terms) -> None:
    plan = make_plan(replace(terms, since=None))
    for phase, first, last in plan.phases:
        if phase is Phase.LEARN:
            before = [block.day for block in of_kind(plan, BlockKind.SET) if block.day <= last]
            assert all((day - first).days * 3 >= ((last - first).days + 1) * 2 for day in before)


def test_somebody_with_long_saturdays_sits_three_full_mocks_and_goes_over_them() -> None:
    plan = make_plan(terms_for(40, (60, 60, 60, 60, 60, 240, 120)))
    sets = of_kind(plan, BlockKind.SET)
    assert [(block.day.strftime("%a %d"), block.size) for block in sets] == [
        ("Sat 21", "full"), ("Sat 28", "full"), ("Sat 05", "full"), ("Tue 08", "short"), ("Wed 09", "short"),
    ]  # fmt: skip
    assert [(block.day, block.minutes) for block in of_kind(plan, BlockKind.SET_REVIEW)] == [
        (block.day, 60) for block in sets[:3]
    ]


def test_a_mock_that_fills_its_saturday_is_gone_over_on_the_sunday() -> None:
    plan = make_plan(terms_for(45, (0, 0, 0, 0, 0, 180, 180)))
    full = [block.day for block in of_kind(plan, BlockKind.SET) if block.size == "full"]
    assert [day.strftime("%a %d") for day in full] == ["Sat 21", "Sat 28", "Sat 05"]
    assert all(plan.on(day + DAY)[0] == Block(day + DAY, BlockKind.SET_REVIEW, 60) for day in full)


def test_a_set_that_was_taken_yesterday_is_gone_over_today() -> None:
    saturday = SUNDAY - DAY
    for week, minutes in (((0, 0, 0, 0, 0, 180, 60), 60), ((60,) * 7, 20), ((60, 60, 60, 60, 60, 0, 60), 30)):
        first = make_plan(terms_for(20, week, sets_done=(saturday,), due=5)).blocks[0]
        assert first == Block(SUNDAY, BlockKind.SET_REVIEW, minutes)
    plan = make_plan(terms_for(20, (60, 60, 60, 60, 60, 240, 60), sets_done=(saturday,), due=5))
    assert plan.blocks[0].kind is not BlockKind.SET_REVIEW  # the long day had room for both


@given(any_terms())
def test_every_domain_is_touched_in_any_seven_days_that_hold_some_study(terms: Terms) -> None:
    """Seven days in a row before the last 72 hours with one day of ten minutes or four of five."""
    plan = make_plan(terms)
    blocks, domains = by_day(plan), {domain for domain, _ in terms.weights}
    days = [terms.today + number * DAY for number in range((terms.exam.day - terms.today).days)]
    days = [day for day in days if plan.phase_on(day) in BEFORE_THE_END]
    for start in range(len(days) - 6):
        week = days[start : start + 7]
        minutes = [sum(block.minutes for block in blocks[day]) for day in week]
        if max(minutes) >= 2 * LEAST or sum(one >= LEAST for one in minutes) >= 4:
            touched = [block.domain for day in week for block in blocks[day]]
            assert None in touched or domains <= set(touched)


@given(any_terms())
def test_with_twenty_minutes_a_day_every_domain_has_its_own_time_in_any_nine_days(terms: Terms) -> None:
    """Four domains at most; nine days, because a set and going over it may take two days whole."""
    terms = replace(
        terms,
        week=tuple(max(20, minutes) for minutes in terms.week),
        weights=terms.weights[:4],
        paused_until=None,
        energy=None,
    )
    plan = make_plan(terms)
    blocks, domains = by_day(plan), {domain for domain, _ in terms.weights}
    days = [terms.today + number * DAY for number in range((terms.exam.day - terms.today).days)]
    days = [day for day in days if plan.phase_on(day) in BEFORE_THE_END]
    for start in range(len(days) - 8):
        week = days[start : start + 9]
        touched = {block.domain for day in week for block in blocks[day]}
        looked = any(b.kind is BlockKind.LEARN and b.domain is None for day in week for b in blocks[day])
        assert looked or domains <= touched


@given(any_terms())
def test_the_time_of_each_phase_goes_by_weight_and_weakness(terms: Terms) -> None:
    """Each domain's own time is within two of the largest days of its share, however short the phase."""
    plan = make_plan(terms)
    for phase in BEFORE_THE_END:
        a_day: Counter[date] = Counter()
        a_domain: Counter[str | None] = Counter()
        for block in within(plan, phase):
            if block.domain:
                a_day[block.day] += block.minutes
                a_domain[block.domain] += block.minutes
        for domain, share in shares(terms.weights, terms.weakness).items():
            assert abs(a_domain[domain] - share * a_day.total()) <= 2 * max(a_day.values(), default=0)


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0, 1)), min_size=1, max_size=8))
def test_shares_follow_weight_and_weakness_above_a_floor(domains: list[tuple[int, float]]) -> None:
    found = shares(
        [(str(n), weight) for n, (weight, _) in enumerate(domains)], [(str(n), w) for n, (_, w) in enumerate(domains)]
    )
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) >= min(MOST_FLOOR, 0.5 / len(domains)) - 1e-9
    for one, (weight, weak) in enumerate(domains):
        for other, (lighter, stronger) in enumerate(domains):
            if weight >= lighter and weak >= stronger:
                assert found[str(one)] >= found[str(other)] - 1e-9


@given(any_terms())
def test_a_quiz_over_all_domains_comes_once_a_week_until_the_revision(terms: Terms) -> None:
    """In each week from Monday to Sunday with three days of study, unless sets or a bad day leave none for it."""
    terms = replace(terms, since=None, paused_until=None, sets_done=(), energy=None)
    plan = make_plan(terms)
    blocks = by_day(plan)
    weeks: dict[int, list[date]] = defaultdict(list)
    for number in range((terms.exam.day - terms.today).days):
        day = terms.today + number * DAY
        if plan.phase_on(day) in (Phase.LEARN, Phase.CONSOLIDATE) and terms.minutes_on(day) >= LEAST:
            weeks[(day.toordinal() - 1) // 7].append(day)
    for days in weeks.values():
        quizzes = [day for day in days if any(block.kind is BlockKind.CHECKPOINT for block in blocks[day])]
        busy = [day for day in days if any(b.kind in (BlockKind.SET, BlockKind.SET_REVIEW) for b in blocks[day])]
        free = [day for day in days if day not in busy]
        assert len(quizzes) == (1 if len(days) >= 3 and free else 0)
        assert quizzes in ([], [free[-1]] if free else [])
    assert all(plan.phase_on(block.day) is not Phase.REVISION for block in of_kind(plan, BlockKind.CHECKPOINT))


@given(any_terms())
def test_new_matter_fades_out_before_the_revision_unless_it_would_never_be_met(terms: Terms) -> None:
    terms = replace(terms, energy=None)
    plan = make_plan(terms)
    part: dict[Phase, float] = {}
    minutes: dict[Phase, int] = {}
    for phase in BEFORE_THE_END:
        studied = [
            block
            for block in within(plan, phase)
            if block.kind in (BlockKind.LEARN, BlockKind.REVIEW, BlockKind.REVISE)
        ]
        minutes[phase] = sum(block.minutes for block in studied)
        new = sum(block.minutes for block in studied if block.kind is BlockKind.LEARN)
        part[phase] = new / max(1, minutes[phase])
    if part[Phase.REVISION]:
        most = MOST_NEW_SHARE * minutes[Phase.LEARN] + MOST_NEW_SHARE_LATER * minutes[Phase.CONSOLIDATE]
        assert terms.new * NEW_S / 60 > most - 5 * len(plan.blocks)
        assert plan.verdict.late_new > 0 or terms.new * NEW_S < 600
    days = {phase: (last - first).days for phase, first, last in plan.phases}
    if terms.new < 60 or terms.paused_until:
        return
    if days.get(Phase.CONSOLIDATE, 0) >= 7 and days.get(Phase.LEARN, 0) >= 7 and min(terms.week) >= 20:
        assert part[Phase.CONSOLIDATE] <= part[Phase.LEARN] + 0.1


@given(any_terms())
def test_new_blocks_hold_no_more_than_there_is_to_meet(terms: Terms) -> None:
    learned = sum(block.minutes for block in of_kind(make_plan(terms), BlockKind.LEARN))
    assert learned <= terms.new * NEW_S / 60 + 2 * LEAST


@given(any_terms())
def test_the_verdict_counts_what_is_needed_and_what_the_days_give(terms: Terms) -> None:
    plan = make_plan(terms)
    verdict = plan.verdict
    mocks = max(0, MOCKS - terms.mocks) * terms.exam.minutes * 4 / 3
    assert verdict.needed_minutes == pytest.approx((terms.new * 145 + terms.due * 35) / 60 + mocks, abs=1)
    assert sum(block.minutes for block in plan.blocks) <= verdict.have_minutes
    learned = sum(block.minutes for block in of_kind(plan, BlockKind.LEARN)) * 60 // NEW_S
    if isinstance(verdict, Fits):
        assert verdict.have_minutes >= verdict.needed_minutes
        assert learned >= terms.new
    else:
        assert verdict.concepts_that_fit == min(terms.new, learned)
        assert (
            verdict.needed_minutes > verdict.have_minutes
            or verdict.concepts_that_fit < terms.new
            or verdict.long_day_needed
        )
        assert verdict.late_new <= verdict.concepts_that_fit


@given(any_terms())
def test_the_minutes_a_day_that_a_short_plan_asks_for_would_do(terms: Terms) -> None:
    terms = replace(terms, energy=None, sets_done=())
    verdict = make_plan(terms).verdict
    if isinstance(verdict, Fits) or verdict.needed_a_day is None:
        return

    def have(minutes: int) -> int:
        week = tuple(minutes if usual >= LEAST else usual for usual in terms.week)
        return make_plan(replace(terms, week=week)).verdict.have_minutes

    assert have(verdict.needed_a_day) >= verdict.needed_minutes
    assert verdict.needed_a_day == LEAST or have(verdict.needed_a_day - 1) < verdict.needed_minutes


@pytest.mark.parametrize("days", range(-2, 201))
def test_there_is_a_plan_for_every_number_of_days(days: int) -> None:
    plan = make_plan(terms_for(days))
    assert bool(plan.blocks) == (days > 0)
    assert isinstance(plan.verdict, Fits) <= (days > 20)


def test_sets_for_an_earlier_try_count_no_more() -> None:
    long_ago = tuple(SUNDAY - days * DAY for days in (30, 40, 50))
    fresh, again = (terms_for(30, sets_done=long_ago, since=since) for since in (None, SUNDAY))
    assert len(of_kind(make_plan(again), BlockKind.SET)) > len(of_kind(make_plan(fresh), BlockKind.SET))
    assert make_plan(again).verdict.needed_minutes - make_plan(fresh).verdict.needed_minutes == 720


def test_a_plan_that_cannot_fit_says_what_would() -> None:
    short = make_plan(terms_for(15, (20,) * 7, new=250)).verdict
    assert short == Short(1325, 300, 93, short.concepts_that_fit, 180, short.late_new)  # type: ignore[union-attr]
    assert make_plan(terms_for(40, (60, 60, 60, 60, 60, 240, 120))).verdict == Fits(1204, 3630)
    only_long_days = make_plan(terms_for(60, (60,) * 7)).verdict
    assert only_long_days == Short(1204, 3570, None, 200, 180)
    hopeless = make_plan(terms_for(4, (20,) * 7, new=400)).verdict
    assert isinstance(hopeless, Short)
    assert hopeless.needed_a_day is None


@given(any_terms())
def test_low_energy_makes_today_a_recap_of_half_the_minutes_at_most(terms: Terms) -> None:
    terms = replace(terms, energy=Energy.LOW)
    plan = make_plan(terms)
    if plan.phase_on(terms.today) in BEFORE_THE_END and terms.today not in terms.sets_done:
        half = terms.minutes_on(terms.today) // 2
        expected = (Block(terms.today, BlockKind.RECAP, half),) if terms.minutes_on(terms.today) >= LEAST else ()
        assert plan.on(terms.today) == expected


@given(any_terms())
def test_high_energy_keeps_the_minutes_and_asks_for_more_that_is_hard(terms: Terms) -> None:
    def hard(energy: Energy | None) -> tuple[int, int]:
        today = make_plan(replace(terms, energy=energy)).on(terms.today)
        heavy = (BlockKind.LEARN, BlockKind.SET)
        return sum(block.minutes for block in today if block.kind in heavy), sum(block.minutes for block in today)

    (high, all_high), (usual, all_usual) = hard(Energy.HIGH), hard(None)
    assert high >= min(usual - LEAST, terms.new * NEW_S // 60)
    assert abs(all_high - all_usual) <= LEAST


def test_high_energy_brings_a_set_forward_to_today() -> None:
    today = of_kind(make_plan(terms_for(40)), BlockKind.SET)[0].day - 2 * DAY
    terms = terms_for(40, today=today, since=SUNDAY, due=10)
    assert BlockKind.SET not in [block.kind for block in make_plan(terms).on(today)]
    assert BlockKind.SET in [block.kind for block in make_plan(replace(terms, energy=Energy.HIGH)).on(today)]


@given(any_terms(), st.integers(5, 300), st.sampled_from((0, 180, 300)))
def test_made_anew_the_next_day_a_plan_without_new_matter_is_the_rest_of_what_it_was(
    terms: Terms, usual: int, saturday: int
) -> None:
    """For somebody whose days are alike, but for one that may be long."""
    terms = replace(terms, week=(*(usual,) * 5, max(saturday, usual), usual))
    sets_done = tuple(day for day in terms.sets_done if day < terms.today)
    terms = replace(terms, new=0, energy=None, paused_until=None, since=terms.start, sets_done=sets_done)
    before = make_plan(terms)
    if any(b.kind is BlockKind.SET for b in before.on(terms.today)) and before.phase_on(terms.today) in BEFORE_THE_END:
        sets_done = (*sets_done, terms.today)
    after = make_plan(replace(terms, today=terms.today + DAY, sets_done=sets_done))
    assert after.blocks == tuple(block for block in before.blocks if block.day > terms.today)


@given(any_terms())
def test_the_same_terms_make_the_same_plan_also_after_they_were_kept(terms: Terms) -> None:
    kept = Terms.from_json(terms.to_json())
    assert kept == terms
    assert make_plan(kept) == make_plan(terms)
    assert len(terms.to_json()) < 1000


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"v":2}', '{"v":1}', '{"v":1,"exam":[1]}', "no terms"],
)
def test_terms_of_another_version_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is made anew
        Terms.from_json(text)


def test_terms_with_a_changed_value_are_refused() -> None:
    kept = json.loads(terms_for(40).to_json())
    for change in ({"v": 0}, {"today": "soon"}, {"exam": None}, {"quiet": ["22:00"]}, {"energy": "middling"}):
        with pytest.raises(ValueError):  # noqa: PT011
            Terms.from_json(json.dumps(kept | change))


def test_nothing_is_planned_in_a_pause() -> None:
    until = SUNDAY + 12 * DAY
    plan = make_plan(terms_for(30, paused_until=until))
    assert plan.blocks[0].day == until
    assert plan.verdict.have_minutes < make_plan(terms_for(30)).verdict.have_minutes


def test_the_first_day_of_somebody_who_has_met_nothing_looks_at_all_domains() -> None:
    assert make_plan(terms_for(40)).on(SUNDAY) == (Block(SUNDAY, BlockKind.LEARN, 60),)
    assert make_plan(terms_for(40, due=10)).on(SUNDAY)[0] == Block(SUNDAY, BlockKind.REVIEW, 24)


def lived(terms: Terms, skipped: set[int]) -> list[Block]:
    """What somebody works off who has the plan made anew every night and skips some days, counted from the first."""
    found: list[Block] = []
    for number in range((terms.exam.day - terms.today).days):
        today = terms.today + DAY
        blocks = () if number in skipped else make_plan(terms).on(terms.today)
        found += blocks
        learned = sum(block.minutes for block in blocks if block.kind is BlockKind.LEARN) * 60 // NEW_S
        sets = tuple(block.day for block in blocks if block.kind is BlockKind.SET)
        due = terms.due + min(learned, terms.new)
        terms = replace(terms, today=today, new=max(0, terms.new - learned), due=due, sets_done=terms.sets_done + sets)
    return found


@pytest.mark.parametrize("week", [(20,) * 7, (60,) * 7, (45, 45, 45, 45, 45, 240, 120), (0, 90, 0, 90, 0, 90, 0)])
@settings(max_examples=12)
@given(skipped=st.just(set[int]()) | st.sets(st.integers(0, 39), max_size=12))
def test_a_plan_that_is_made_anew_every_night_keeps_its_promises_when_it_is_lived(
    week: tuple[int, ...], skipped: set[int]
) -> None:
    terms = terms_for(45, week, new=60, since=SUNDAY)
    blocks = lived(terms, skipped)
    final = min(block.day for block in blocks if block.kind in (BlockKind.MISSED, BlockKind.REST))
    sets = [block.day for block in blocks if block.kind is BlockKind.SET and block.day < final]
    assert all((later - earlier).days >= APART for earlier, later in pairwise(sets))
    assert 2 <= len(sets) <= 4
    reviews = [block.day for block in blocks if block.kind is BlockKind.SET_REVIEW]
    assert len(reviews) == len(set(reviews)) <= len(sets)
    assert sum(block.minutes for block in blocks if block.kind is BlockKind.LEARN) * 60 // NEW_S >= terms.new
    own: Counter[str] = Counter()
    for block in blocks:
        if block.domain:
            own[block.domain] += block.minutes
    for domain, share in shares(DOMAINS, EVEN).items():
        assert abs(own[domain] / own.total() - share) < (0.2 if skipped else 0.05)
    quizzes = [(block.day.toordinal() - 1) // 7 for block in blocks if block.kind is BlockKind.CHECKPOINT]
    assert max(Counter(quizzes).values()) <= 2  # a set that was missed may move the week's quiz
    if not skipped:
        assert len(reviews) == len(sets) >= 3
        assert len(quizzes) == len(set(quizzes)) >= 4
