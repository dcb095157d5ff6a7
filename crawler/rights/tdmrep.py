"""TDM Reservation Protocol (W3C Community Group final report, 2024-05-10).

    [{"location": "/free/", "tdm-reservation": 0},          /.well-known/tdmrep.json
     {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://…"}]

    tdm-reservation: 1                                      HTTP head
    <meta name="tdm-reservation" content="1">               HTML

"TDM File on the Origin Server": patterns are matched with the path, in their order, case counts,
`*` and `$` are as in robots.txt, and the first that matches counts. "tdm-reservation": anything
but 1 and 0 is an error, and means nothing. A policy beside 0 is not to be processed.
"""

import json
from typing import Any

from archive.pathrules import path_of, read_pattern
from archive.signals import Signal, signal
from crawler.extract.links import absolute

FILE_LIMIT = 512 * 1024
RULES_LIMIT = 5000


class TdmFile:
    """A tdmrep.json; parsed once, asked for each page."""

    def __init__(self, text: str, origin: str) -> None:
        self._origin = origin
        self._rules = [
            (read_pattern(one["location"]), one)
            for one in _objects(text)
            if isinstance(one.get("location"), str)
        ]

    def at(self, url: str) -> tuple[Signal, ...]:
        """What it says of the page at `url`."""
        path = path_of(url)
        for pattern, rule in self._rules:
            if pattern.matches(path):
                line = json.dumps(rule, ensure_ascii=False)[:1000]
                policy = rule.get("tdm-policy")
                return tdm_signals(
                    rule.get("tdm-reservation"),
                    policy if isinstance(policy, str) else None,
                    line,
                    self._origin,
                )
        return ()


def tdm_signals(
    reservation: object, policy: str | None, line: str, base: str
) -> tuple[Signal, ...]:
    """A reservation and its policy, as file, head or page state them."""
    said = _flag(reservation)
    if said is None:
        return ()
    found = [signal("tdm-reservation", said, line)]
    if said == "1" and (address := absolute(base, policy)):
        found.append(signal("tdm-policy", address, line))
    return tuple(found)


def _flag(value: object) -> str | None:
    if isinstance(value, bool):
        return None  # JSON's true is no 1
    text = str(value).strip() if isinstance(value, int | str) else ""
    return text if text in ("0", "1") else None


def _objects(text: str) -> list[dict[str, Any]]:
    if len(text) > FILE_LIMIT:
        return []
    try:
        said = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return []
    # the brackets are mandatory, "even for one rule"; what is meant without them is plain
    rows = said if isinstance(said, list) else [said]
    return [one for one in rows[:RULES_LIMIT] if isinstance(one, dict)]
