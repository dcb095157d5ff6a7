"""The day that a URL's path names, as many publishers build their addresses."""

import re
from datetime import datetime

from archive.records import Moment
from crawler.extract.moments import in_zone

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_URL_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<sep>[-/_.]?)(?P<month>0[1-9]|1[0-2])(?P=sep)(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|/(?P<y>(?:19|20)\d{2})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?=/|$)"
    r"|/(?P<yy>(?:19|20)\d{2})/(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(?P<dd>\d{1,2})/"
)
_URL_MONTH = re.compile(r"/((?:19|20)\d{2})/(0[1-9]|1[0-2])/")


def url_day(url: str, zone: str | None) -> Moment | None:
    """The day in a URL's path, such as `/2024/06/19/` or `/20240619`, or its month, or None."""
    path = "/" + url.split("//", 1)[-1].partition("/")[2].partition("?")[0].lower()
    for match in _URL_DAY.finditer(path):
        year = match["year"] or match["y"] or match["yy"]
        month = match["month"] or match["m"] or _MONTHS.index(match["name"]) + 1
        try:
            day = datetime(int(year), int(month), int(match["day"] or match["d"] or match["dd"]))  # noqa: DTZ001
        except ValueError:
            continue
        return in_zone(day, "day", zone)
    if found := _URL_MONTH.search(path):
        return in_zone(datetime(int(found[1]), int(found[2]), 1), "month", zone)  # noqa: DTZ001
    return None
