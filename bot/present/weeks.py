"""The plan as a picture: a row for each week, a cell for each day, colored by what the day is for."""

from datetime import date, timedelta
from io import BytesIO

from babel.dates import format_skeleton, get_day_names

from bot.domain.plan import BlockKind, Phase, Plan
from bot.present.layout import locale_of, short_day
from bot.present.words import Words
from bot.usecases.dated import PlanDrawn

SCALE = 2  # pixels for a point, so that it is sharp on a phone
LEFT, TOP, CELL, GAP, FOOT = 64, 30, 62, 6, 34  # points
MOST_WEEKS = 30
COLORS = {
    Phase.LEARN: "#cfe3f7",
    Phase.CONSOLIDATE: "#d5ecd4",
    Phase.REVISION: "#fbe3b8",
    Phase.FINAL: "#f7cdc9",
}
EXAM, INK, FAINT, PAPER, OFF = "#b3261e", "#1f2430", "#6b7280", "#ffffff", "#f1f2f4"
DOT = "#3b5bdb"  # a set on that day


def draw(outcome: PlanDrawn, words: Words) -> tuple[bytes, str]:
    """The picture as PNG, and the same in words."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - some megabytes that most turns don't need

    plan, exam_day = outcome.plan, outcome.booking.when.day
    first = plan.terms.today - timedelta(days=plan.terms.today.weekday())
    weeks = min(MOST_WEEKS, (exam_day - first).days // 7 + 1)
    size = (LEFT + 7 * (CELL + GAP) + GAP, TOP + weeks * (CELL // 2 + GAP) + FOOT)
    image = Image.new("RGB", (size[0] * SCALE, size[1] * SCALE), PAPER)
    pen = ImageDraw.Draw(image)
    small, normal = (ImageFont.load_default(points * SCALE) for points in (11, 13))
    names = get_day_names("abbreviated", locale=locale_of(words))
    for weekday in range(7):
        pen.text(_at(LEFT + weekday * (CELL + GAP) + CELL // 2, TOP // 2), names[weekday], FAINT, small, anchor="mm")
    lines: list[str] = []
    for week in range(weeks):
        monday = first + timedelta(days=7 * week)
        top = TOP + week * (CELL // 2 + GAP)
        label = format_skeleton("MMMd", monday, locale=locale_of(words))
        pen.text(_at(LEFT - 8, top + CELL // 4), label, FAINT, small, anchor="rm")
        for weekday in range(7):
            one = monday + timedelta(days=weekday)
            if plan.terms.today <= one <= exam_day:
                _cell(pen, plan, one, exam_day, (LEFT + weekday * (CELL + GAP), top), normal)
        lines.append(_line(plan, monday, words))
    _legend(pen, words, small, size[1] - FOOT // 2)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    head = words("plan-picture-alt", code=outcome.pack.exam.code, day=short_day(words, exam_day))
    return out.getvalue(), " ".join([head, *lines])[:1000]


def _cell(pen: object, plan: Plan, one: date, exam_day: date, corner: tuple[int, int], font: object) -> None:
    x, y = corner
    blocks = plan.on(one)
    minutes = sum(block.minutes for block in blocks)
    color = EXAM if one == exam_day else COLORS[plan.phase_on(one) or Phase.FINAL] if minutes else OFF
    pen.rounded_rectangle((*_at(x, y), *_at(x + CELL, y + CELL // 2)), 6 * SCALE, fill=color)  # type: ignore[attr-defined]
    text = "T" if one == exam_day else str(minutes) if minutes else "·"
    ink = PAPER if one == exam_day else INK if minutes else FAINT
    pen.text(_at(x + CELL // 2, y + CELL // 4), text, ink, font, anchor="mm")  # type: ignore[attr-defined]
    if any(block.kind is BlockKind.SET for block in blocks):
        pen.ellipse((*_at(x + CELL - 12, y + 5), *_at(x + CELL - 5, y + 12)), fill=DOT)  # type: ignore[attr-defined]


def _legend(pen: object, words: Words, font: object, y: int) -> None:
    x = float(LEFT)
    for phase, color in COLORS.items():
        pen.rounded_rectangle((*_at(x, y - 6), *_at(x + 12, y + 6)), 3 * SCALE, fill=color)  # type: ignore[attr-defined]
        label = words("phase-name", phase=phase.value)
        pen.text(_at(x + 17, y), label, FAINT, font, anchor="lm")  # type: ignore[attr-defined]
        x += 17 + pen.textlength(label, font) / SCALE + 16  # type: ignore[attr-defined]
    pen.ellipse((*_at(x, y - 4), *_at(x + 8, y + 4)), fill=DOT)  # type: ignore[attr-defined]
    pen.text(_at(x + 13, y), words("plan-picture-set"), FAINT, font, anchor="lm")  # type: ignore[attr-defined]


def _line(plan: Plan, monday: date, words: Words) -> str:
    days = [monday + timedelta(days=n) for n in range(7)]
    minutes = sum(block.minutes for day in days for block in plan.on(day))
    inside = next((day for day in days if day >= plan.terms.today), monday)
    name = words("phase-name", phase=(plan.phase_on(inside) or Phase.FINAL).value)
    return words("plan-picture-week", day=short_day(words, monday), minutes=minutes, phase=name)


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * SCALE), round(y * SCALE)
