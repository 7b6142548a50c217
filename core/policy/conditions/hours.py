"""Weekly windows of a rule's `hours`, read in the time zone that they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # datetime.weekday() order
MINUTES: Final = 24 * 60
# Names beside the database that each machine gives a meaning of its own: two replicas would read two policies.
OWN: Final = frozenset({"localtime", "posixrules", "Factory"})
FORM: Final = re.compile(r"([A-Z][a-z]{2})(?:-([A-Z][a-z]{2}))? (\d{2}):(\d{2})-(\d{2}):(\d{2}) (\S+)")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days and minutes of a week; one that ends before it begins runs past midnight, and counts for its first day."""

    text: str
    days: frozenset[int]
    begin: int  # minute of the day, included
    end: int  # minute of the day, excluded; 1440 is midnight
    zone: ZoneInfo

    def holds(self, now: datetime) -> bool:
        """Tell whether an aware instant lies within."""
        local = now.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        if self.begin < self.end:
            return local.weekday() in self.days and self.begin <= minute < self.end
        if minute >= self.begin:
            return local.weekday() in self.days
        return minute < self.end and (local - timedelta(days=1)).weekday() in self.days


def window(text: str) -> Window:
    """Read "Mon-Fri 08:00-18:00 Europe/Berlin".

    Raises: ValueError with a sentence when it is anything else.
    """
    form = FORM.fullmatch(text)
    if form is None:
        raise ValueError('hours are written "Mon-Fri 08:00-18:00 Europe/Berlin"')
    first, last, *clock, zone = form.groups()
    begin, end = _minute(clock[0], clock[1]), _minute(clock[2], clock[3])
    if begin in {end, MINUTES}:
        raise ValueError("hours begin and end at different minutes of the day")
    return Window(text=text, days=_days(first, last or first), begin=begin, end=end, zone=_zone(zone))


def _days(first: str, last: str) -> frozenset[int]:
    if first not in DAYS or last not in DAYS:
        raise ValueError(f"days are written {', '.join(DAYS)}")
    begin, end = DAYS.index(first), DAYS.index(last)
    return frozenset(day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1))


def _minute(hour: str, minute: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > MINUTES:  # noqa: PLR2004 - minutes of an hour
        raise ValueError("times run from 00:00 to 24:00")
    return total


def _zone(name: str) -> ZoneInfo:
    unknown = f'"{name}" is no time zone of the IANA database'
    if name in OWN or name.startswith(("posix/", "right/")):
        raise ValueError(unknown)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(unknown) from error
