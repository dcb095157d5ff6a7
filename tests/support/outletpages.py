"""A small outlet: pages of one layout, each with another text."""

from datetime import UTC, datetime

from archive.records import Url
from crawler.extract.page import Page

CAPTURED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TOPICS = ("harbour", "railway", "school", "market", "museum", "bridge", "library", "forest")
WRITERS = ("Ana Reyes writes about the coast and its people.", "Budi Santoso covers the council.")


def sentences(topic: str, number: int) -> str:
    said = (
        f"The {topic} of the town was the subject of meeting {number}, the mayor told reporters. ",
        f"Nobody had expected that the {topic} would cost {number} million crowns this year. ",
        f"A decision about the {topic} is to fall in week {number + 10}, after the holidays. ",
    )
    return said[number % 3] + said[(number + 1) % 3]


def topic_of(number: int) -> str:
    return f"{TOPICS[number % len(TOPICS)]} {'of the north ' * (number // len(TOPICS))}".strip()


def html(
    number: int, *, layout: str = "story", box: str = "xq-slot", person: str = "zr-person"
) -> str:
    topic, other = topic_of(number), topic_of((number + 3) % len(TOPICS))
    text = "".join(
        f'<p class="{layout}-p">{sentences(topic, number * 5 + i)}</p>' for i in range(5)
    )
    writer = WRITERS[number % 2]
    printed = f"2025-0{1 + number % 2 * 6}-{10 + number % 18}T08:00:00+07:00"
    return f"""<!DOCTYPE html><html lang="en"><head><title>News of the {topic} | The Post</title>
<meta property="article:published_time" content="{printed}">
</head><body><h1>News of the {topic}</h1>
<div class="{layout}-body">{text}<div class="{box}"><p>News of the {other}</p></div></div>
<div class="{person}"><p>{writer}</p></div>
<p class="{layout}-end">Letters to the paper are read by all of us every morning, thank you.</p>
</body></html>"""


def page(number: int, **facts: str) -> Page:
    return Page(
        url=Url(f"https://post.example/news/{number}"),
        body=html(number, **facts).encode(),
        content_type="text/html; charset=utf-8",
        content_encoding=None,
        captured_at=CAPTURED_AT,
    )
