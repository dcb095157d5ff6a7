"""Times that elements carry in attributes, beside the headline and elsewhere."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from archive.records import Draft

TEXT = (
    "The harbour of the small town will be widened until the end of next year, the council said. "
    "Two new berths are planned on the northern side, and the old crane will be taken down. "
)


def page(*, before: str = "", after: str = "") -> str:
    return (
        "<html lang='en'><head><title>Harbour to grow by half</title></head><body><main>"
        f"<h1>Harbour to grow by half</h1>{before}<p>{TEXT}</p>"
        f"<p>{TEXT.replace('harbour', 'port')}</p></main>{after}</body></html>"
    )


@pytest.mark.parametrize(
    "attribute",
    [
        'data-timestamp="1718785800"',
        'data-time="1718785800"',
        'data-published="1718785800000"',
        'data-utc="2024-06-19T08:30:00Z"',
        'data-date="2024-06-19T10:30:00+02:00"',
        'datetime="2024-06-19T10:30:00+02:00"',
        'title="2024-06-19T10:30:00+02:00"',
        'data-time="4" data-date="2024-06-19T08:30:00Z"',
    ],
)
@pytest.mark.parametrize(
    "line", ["<p>By Ann Lee <span {}>{}</span></p>", "<div><i {}>{}</i></div>"]
)
@pytest.mark.parametrize("shown", ["2 years ago", ""])
def test_a_time_for_machines_beside_the_headline_is_the_publication(
    draft_of: Callable[..., Draft], attribute: str, line: str, shown: str
) -> None:
    published = draft_of(page(before=line.format(attribute, shown)), is_dated=False).published
    assert published is not None
    assert published.utc == datetime(2024, 6, 19, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "html",
    [
        '<p>Read in <span data-time="2024">4 min</span></p>',
        '<p><span data-date="soon" data-time="12:30" title="2024-06-99">x</span></p>',
        '<p><abbr title="2024-06-1900">x</abbr></p>',
        '<aside><span data-timestamp="1718785800">Weather</span></aside>',
    ],
)
def test_other_attributes_beside_the_headline_are_no_date(
    draft_of: Callable[..., Draft], html: str
) -> None:
    assert draft_of(page(before=html)).published is None


def test_a_time_behind_the_text_belongs_to_something_else(draft_of: Callable[..., Draft]) -> None:
    html = page(after='<div><span data-timestamp="1718785800">x</span> Fish is dear</div>')
    assert draft_of(html.replace(TEXT, 2 * TEXT)).published is None
