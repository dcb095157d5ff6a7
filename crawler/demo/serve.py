"""The newspaper for a terminal: serve it steadily until somebody has seen enough."""

import time
from datetime import timedelta

from archive.clock import SimulatedClock
from crawler.demo.newspaper import OPENS_AT, Newspaper
from crawler.demo.server import Server

STEADY_AT = OPENS_AT + timedelta(days=2, hours=7.5)
"""Wednesday noon: a consent wall is up, and most edits have happened."""


def serve_steady(port: int) -> None:
    """Serve the newspaper at a frozen instant until interrupted; says on stdout where it is.

    Raises:
        PortTaken: if another program listens on `port`.
    """
    paper = Newspaper(SimulatedClock(STEADY_AT))
    with Server(paper, port, steady=True) as server:
        print(welcome(paper, server.port), flush=True)  # noqa: T201 - this is its job
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print("\nStopped.", flush=True)  # noqa: T201 - this is its job


def welcome(paper: Newspaper, port: int) -> str:
    """What there is to see, and how."""
    base = f"http://127.0.0.1:{port}"
    width = max(len(outlet.name) for outlet in paper.outlets)
    outlets = [
        f"  {outlet.name:{width}}  {outlet.language}  {base}/{outlet.id}/"
        for outlet in paper.outlets
    ]
    first, second = paper.outlets[0], paper.outlets[1]
    article = next(a for a in first.articles if a.published > OPENS_AT)
    news, pages = first.listings["news"], second.articles[0].path
    return "\n".join(
        [
            f"The newspaper in a box is at {base}/",
            f"It is {STEADY_AT:%A %d %B %Y, %H:%M} UTC there, and stays so.",
            "",
            *outlets,
            "",
            "Try:",
            f"  curl {base}/robots.txt",
            f"  curl {base}/{first.id}{news}",
            f"  curl -i {base}/{first.id}{article.path}",
            f"  curl -i --compressed -H 'Host: {second.host}' {base}{pages}",
            "",
            "Stop it with Ctrl-C.",
        ]
    )
