"""What kind of failure a reason speaks of."""

import socket
from datetime import timedelta

import pytest
from scrapy import exceptions

from crawler.failures import ARTICLES, LISTINGS, classify
from crawler.spiders.news import explain


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("HTTP 404", "hard"),
        ("HTTP 410", "hard"),
        ("HTTP 403", "soft"),
        ("HTTP 401", "soft"),
        ("HTTP 451", "soft"),
        ("HTTP 302", "soft"),
        ("HTTP 408", "temporary"),
        ("HTTP 429", "temporary"),
        ("HTTP 500", "temporary"),
        ("HTTP 503", "temporary"),
        ("HTTP 599", "temporary"),
        ("HTTP 999", "soft"),
        ("robots.txt unreachable (HTTP 503)", "temporary"),
        ("disallowed by https://paper.example/robots.txt", "soft"),
        ("not a feed: an HTML page titled 'TLS handshake explained'", "soft"),
        ("not a listing: empty body", "soft"),
        ("broke: KeyError ('x')", "soft"),
        ("", "soft"),
    ],
)
def test_a_reason_says_its_kind(reason: str, kind: str) -> None:
    assert classify(reason) == kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exceptions.DownloadTimeoutError("took longer than 30 s"), "temporary"),
        (exceptions.DownloadConnectionRefusedError("111: Connection refused"), "temporary"),
        (exceptions.DownloadFailedError("[<Failure ConnectionLost>]"), "temporary"),
        (exceptions.DownloadFailedError("[<Failure OpenSSL.SSL.Error: []>]"), "hard"),
        (exceptions.DownloadFailedError("certificate verify failed"), "hard"),
        (exceptions.CannotResolveHostError("DNS lookup failed: no results"), "hard"),
        (exceptions.DownloadCancelledError("larger than 100000 bytes"), "soft"),
        (exceptions.ResponseDataLossError("cut"), "soft"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "hard"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "temporary"),
        (TimeoutError(), "temporary"),
        (ConnectionResetError(104, "Connection reset by peer"), "temporary"),
        (OSError(113, "No route to host"), "temporary"),
        (ValueError("odd"), "soft"),
    ],
    ids=repr,
)
def test_what_the_network_does_is_told_by_its_reason(error: Exception, kind: str) -> None:
    assert classify(explain(error)) == kind


@pytest.mark.parametrize("table", [LISTINGS, ARTICLES])
def test_what_passes_by_itself_is_asked_for_soonest_and_nothing_waits_over_a_day(
    table: object,
) -> None:
    assert table["temporary"].first < table["soft"].first <= table["hard"].first  # type: ignore[index]
    assert all(p.after(10**6) == timedelta(days=1) for p in table.values())  # type: ignore[attr-defined]
