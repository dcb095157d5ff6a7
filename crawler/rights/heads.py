"""A response's head, read for what it states of its page."""

from collections.abc import Iterable

from archive.signals import Signal, limited
from crawler.rights.licences import link_signals
from crawler.rights.tags import tag_signals
from crawler.rights.tdmrep import tdm_signals
from crawler.rights.usage import usage_signals

HEADERS_LIMIT = 200


def head_signals(headers: Iterable[tuple[str, str]], url: str) -> tuple[Signal, ...]:
    """What headers state, given by name and value in their order; others are passed over."""
    found: list[Signal] = []
    usages: list[str] = []
    said: dict[str, str] = {}
    for number, (name, value) in enumerate(headers):
        if number >= HEADERS_LIMIT:
            break
        match name.lower():
            case "x-robots-tag":
                found += tag_signals(value, f"X-Robots-Tag: {value}")
            case "content-usage":
                usages.append(value)
            case "link":
                found += link_signals(value, url)
            case "tdm-reservation" | "tdm-policy" as key:
                said.setdefault(key, value)
    if usages:  # RFC 9110 §5.3: several lines are one list
        joined = ", ".join(usages)
        found += usage_signals(joined, f"Content-Usage: {joined}")
    if "tdm-reservation" in said:
        line = "; ".join(f"{key}: {value}" for key, value in said.items())
        found += tdm_signals(said["tdm-reservation"], said.get("tdm-policy"), line, url)
    return limited(found)
