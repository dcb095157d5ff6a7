"""The clock time that stands after a written date or before it, with its zone."""

import re
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from archive.records import Precision
from crawler.extract.datewords import ZONES
from crawler.extract.moments import offset_of

NOON = 12
LATE_MORNING = 10

_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.：](?P<minute>\d{2})(?::(?P<second>\d{2}))?|h(?P<minute_h>\d{2})?\b|"
    r"\s?[时時點点시]\s?(?:(?P<minute_cjk>\d{1,2})\s?[分분])?)(?!\d)"
    r"\s*(?P<late>[ap]\.?\s?m\b\.?|pagi|siang|tengah hari|sore|petang|malam)?\s*(?:Uhr|น\.)?\s*"
    r"(?P<zone>[A-ZМСК]{1,4}\b|(?:GMT|UTC)?\s?[+−-]\d{1,2}:?\d{0,2})?"
)
_AFTER = re.compile(
    r"\A(?:T|[\s,.|/–—•·@-]*)(?:d\.\s)?(?:[(（][^\W\d_]{1,4}\.?[)）]\s*)?"  # a weekday in brackets
    r"(?:(?:at|um|às|as|à|a las|alle|pukul|pkl\.?|jam|kl\.?|klo|ob|ore|v|в|о|om|"
    r"ora|saat|lúc|เวลา|ساعت|الساعة|בשעה)[\s:]+)?"
    r"(?P<half>午前|午後|上午|下午|오전|오후)?\s*" + _CLOCK,
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?<![\d.:])(?P<half>)" + _CLOCK + r"[\s,|–—•·-]*\Z", re.IGNORECASE)
_LATE = frozenset({"pm", "午後", "下午", "오후", "sore", "petang", "malam", "siang", "tengahhari"})
_BEFORE_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: what is added to midnight, how exact it is, and the zone if one is named."""

    after_midnight: timedelta
    precision: Precision
    zone: tzinfo | None
    start: int
    end: int


def clock_beside(line: str, start: int, end: int) -> Clock | None:
    """The clock time right after the date at `start` to `end` of a line, or right before it."""
    if (after := _AFTER.match(line[end:])) and (clock := _clock(after, end, start)):
        return clock
    begin = max(0, start - _BEFORE_CHARACTERS)
    before = _BEFORE.search(line[begin:start])
    return _clock(before, begin, None, end) if before else None


def _clock(
    time: re.Match[str], shift: int, start: int | None, end: int | None = None
) -> Clock | None:
    hour = _hour(time)
    minute = int(time["minute"] or time["minute_h"] or time["minute_cjk"] or 0)
    second = int(time["second"] or 0)
    if hour is None or minute > 59 or second > 59:  # noqa: PLR2004
        return None
    return Clock(
        timedelta(hours=hour, minutes=minute, seconds=second),
        "second" if time["second"] else "minute",
        _zone_named(time["zone"]),
        shift + time.start("hour") if start is None else start,
        shift + time.end() if end is None else end,
    )


def _hour(time: re.Match[str]) -> int | None:
    hour = int(time["hour"])
    half = (time["half"] or time["late"] or "").lower().replace(".", "").replace(" ", "")
    is_midday = half == "siang" and hour >= LATE_MORNING  # "jam 11 siang" is before noon
    if half in _LATE and hour < NOON and not is_midday:
        hour += NOON
    elif half and half not in _LATE and hour == NOON:
        hour = 0
    return hour if hour < 2 * NOON else None


def _zone_named(text: str | None) -> tzinfo | None:
    name = (text or "").strip().upper()
    return ZONES.get(name) or (offset_of(name) if re.search(r"\d", name) else None)
