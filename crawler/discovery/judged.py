"""Which of a listing's addresses are to be fetched, and why the others are not; pure.

In this order: the outlet's `deny` refuses; its `article` and `allow` overrule the shipped list of
traps; then the list decides. Nothing is left out without being counted under its reason.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from archive.records import Discovery
from archive.urls import urlkey
from crawler.discovery.traps import trap_of
from crawler.outlets.spec import Outlet

DENIED = "denied"
"""The outlet's own file says never to fetch it."""
UNREADABLE = "no address"
"""A host or an encoding that cannot be: `archive.urls` refuses it."""
EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is wanted of a listing, and how many addresses were refused for which reason.

    `examples` are some that were refused, with the reason.
    """

    wanted: tuple[Discovery, ...]
    refused: Counter[str]
    examples: tuple[tuple[str, str], ...] = ()


def judge(discoveries: Iterable[Discovery], outlet: Outlet) -> Judged:
    """Part what is to be fetched from what is not."""
    wanted: list[Discovery] = []
    refused: Counter[str] = Counter()
    examples: list[tuple[str, str]] = []
    for discovery in discoveries:
        reason = refusal(discovery.url, outlet)
        if reason is None:
            wanted.append(discovery)
            continue
        if not refused[reason] and len(examples) < EXAMPLES:
            examples.append((reason, discovery.url))
        refused[reason] += 1
    return Judged(wanted=tuple(wanted), refused=refused, examples=tuple(examples))


def refusal(url: str, outlet: Outlet) -> str | None:
    """Why an address is not to be fetched: `denied`, or a trap's reason; None if it is wanted."""
    try:
        urlkey(url)
    except ValueError:
        return UNREADABLE
    if outlet.is_denied(url):
        return DENIED
    return None if outlet.is_allowed(url) else trap_of(url)


def label(reason: str) -> str:
    """Under what a refusal is counted in a visit."""
    return f"sightings/{DENIED}" if reason == DENIED else f"sightings/trap/{reason}"
