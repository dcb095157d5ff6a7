"""What is answered to one line of a batch: a draft as one line of JSON, or why there is none.

    {"id": "a-1", "title": "…", "date": "2024-06-19T10:12:00+07:00", "authors": ["…"],
     "body": "…", "language": "id", "modified": null, "section": null, "summary": "…",
     "image": "https://…", "canonical": "https://…", "site_name": "…", "is_free": null,
     "kind": "article", "tags": ["…"], "wire": null, "correction": null,
     "outline": ["p", "h2", "q"], "images": [{"url": "https://…", "caption": "…"}],
     "wall": null, "reason": null,
     "origins": {"title": "opengraph", "published": "json-ld", …}}

    {"id": "a-2", "error": "PDF, not HTML"}
    {"id": null, "error": "line 7: no JSON: …", "line": 7}

Paragraphs of `body` stand apart by an empty line. `date` has no more digits than are known: a day
alone, or a time; and an offset only if the page, its feed or its outlet says it. `outline` has a
code for each paragraph of `body` (`archive.structure`).
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from archive.coding import decode
from archive.errors import ArchiveError
from archive.records import Draft, Moment
from archive.structure import image_as_json
from crawler.answers.question import NO_BOUND, BadLine, Question, bytes_of, question_of, witness_of
from crawler.extract.errors import Unextractable

if TYPE_CHECKING:
    from crawler.extract.memory import OutletMemory
    from crawler.extract.page import Page

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Answer:
    """The line that answers a line, and whether it says why there is no article."""

    line: bytes = field(repr=False)
    is_failure: bool


def answer_line(
    number: int,
    line: bytes,
    *,
    is_timed: bool = False,
    memories: Mapping[str, "OutletMemory"] = MappingProxyType({}),
) -> Answer:
    """Answer line `number`; whatever is wrong with it or its page is said in the answer.

    `memories` are what is known of outlets, by the site of their pages.
    """
    from crawler.extract.article import extract  # noqa: PLC0415 -- whoever hands out lines reads none
    from crawler.extract.links import site_of  # noqa: PLC0415

    spent = id_ = None
    try:
        question = question_of(line)
        id_ = question.id
        page = replace(page_of(question), memory=memories.get(site_of(question.url)))
        began = time.process_time()
        said = {"id": question.id, **fields_of(extract(page))}
        spent = time.process_time() - began
    except BadLine as error:
        whose = id_ if error.id is None else error.id
        said = {"id": whose, "error": f"line {number}: {error}", "line": number}
    except Exception as error:  # noqa: BLE001 -- whatever a page does, the next has its turn
        said = {"id": id_, "error": sentence(error)}
    if is_timed and spent is not None:
        said["ms"] = round(1000 * spent, 2)
    return answer_from(said)


def answer_from(said: dict[str, Any]) -> Answer:
    """An answer in the form of a batch: JSON in UTF-8, and a line feed.

    What UTF-8 cannot write, half a surrogate pair, becomes the escape that JSON has for it.
    """
    line = json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
    return Answer(line, is_failure="error" in said)


def page_of(question: Question) -> "Page":
    """The page that a question asks about, packed or not.

    Raises:
        OSError: if its file cannot be read.
        BadLine: if it is no file.
        ArchiveError: if it cannot be unpacked within the limit.
    """
    from crawler.extract.page import Page  # noqa: PLC0415 -- as above
    from crawler.extract.tree import HTML_LIMIT  # noqa: PLC0415

    body = bytes_of(question.path, HTML_LIMIT)
    if body.startswith(_GZIP):
        body = decode(body, "gzip", HTML_LIMIT)
    return Page(
        url=question.url,
        body=body,
        content_type="text/html",
        content_encoding=None,
        captured_at=question.captured_at or NO_BOUND,
        is_dated=question.captured_at is not None,
        witness=witness_of(question.feed, question.url),
    )


def fields_of(draft: Draft) -> dict[str, Any]:
    """A draft, by the names of a batch."""
    return {
        "title": draft.title,
        "date": written(draft.published),
        "authors": list(draft.authors),
        "body": draft.body,
        "language": draft.language,
        "modified": written(draft.modified),
        "section": draft.section,
        "summary": draft.summary,
        "image": draft.image,
        "canonical": draft.canonical,
        "site_name": draft.site_name,
        "is_free": draft.is_free,
        "kind": draft.kind,
        "tags": list(draft.tags),
        "wire": draft.wire,
        "correction": draft.correction,
        "outline": list(draft.outline),
        "images": [image_as_json(image) for image in draft.images],
        "wall": draft.wall,
        "reason": draft.reason,
        "origins": {name: claims[0].origin for name, claims in draft.claims.items()},
    }


def written(moment: Moment | None) -> str | None:
    """A moment as ISO 8601, without the offset that nobody stated."""
    if moment is None:
        return None
    if moment.zone == "unknown":
        return moment.isoformat().partition("+")[0]
    return moment.isoformat()


def sentence(error: Exception) -> str:
    """What went wrong, for whoever asked."""
    if isinstance(error, Unextractable | ArchiveError):
        return str(error)
    if isinstance(error, MemoryError):
        return "it takes too much memory"
    if isinstance(error, OSError):
        return f"{error.strerror}: {error.filename}"
    return f"{type(error).__name__}: {error}"[:500]
