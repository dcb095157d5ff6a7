"""Which requisites an outlet's file wants, and how much each page may bring."""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.records import Url
from archive.urls import canonical
from crawler.outlets.spec import Requisites
from crawler.requisites.requisite import Requisite
from crawler.requisites.sites import is_same_site


def wanted(found: Iterable[Requisite], page: Url, rules: Requisites) -> list[Url]:
    """The URLs that are to be fetched, in their order, each once."""
    if rules.policy == "none":
        return []
    urls: dict[Url, None] = {}
    for one in found:
        if len(urls) >= rules.max_count:
            break
        if rules.policy == "same-site" and not is_same_site(page, one.url):
            continue
        try:
            urls[canonical(one.url)] = None
        except ValueError:  # no URL that we would ask for
            continue
    return list(urls)


@dataclass(slots=True)
class _Spent:
    count: int = 0
    bytes: int = 0
    seconds: float = 0.0


class Allowance:
    """What the requisites of each page have brought so far, and may still bring.

    Times are those of the transfers; the waits between requests are the host's due.
    """

    def __init__(self, rules: Requisites) -> None:
        self._rules = rules
        self._spent: dict[Url, _Spent] = {}

    def refusal(self, page: Url) -> str | None:
        """Why nothing more is fetched for a page; None if something may be."""
        spent, rules = self._of(page), self._rules
        if spent.count >= rules.max_count:
            return f"its page has had {rules.max_count} requisites"
        if spent.bytes >= rules.max_bytes:
            return f"its page has had {rules.max_bytes} bytes of requisites"
        if spent.seconds >= rules.max_seconds:
            return f"its page has had {rules.max_seconds:g} seconds for requisites"
        return None

    def bytes_left(self, page: Url) -> int:
        """How large the next requisite of a page may be."""
        return max(1, self._rules.max_bytes - self._of(page).bytes)

    def spend(self, page: Url, size: int, seconds: float) -> None:
        """Note what one requisite has brought, and how long it took."""
        spent = self._of(page)
        spent.count += 1
        spent.bytes += size
        spent.seconds += max(0.0, seconds)

    def _of(self, page: Url) -> _Spent:
        return self._spent.setdefault(page, _Spent())
