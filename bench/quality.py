"""Answer the extraction benchmark: JSONL of pages in, JSONL of what extraction says out.

    score.py run CORPUS answers.jsonl -- python bench/quality.py
    score.py score CORPUS answers.jsonl

Reads lines {id, url, html_path} and writes {id, title, date, authors, body, language, ms}. With
`--trafilatura` it answers with trafilatura's defaults instead, to compare quality and CPU (`ms` is
CPU time of this process, reading the file aside).
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import trafilatura  # noqa: E402

from archive.records import Url  # noqa: E402
from crawler.extract.article import extract  # noqa: E402
from crawler.extract.errors import Unextractable  # noqa: E402
from crawler.extract.page import Page  # noqa: E402

CAPTURED_AT = datetime(2026, 11, 1, tzinfo=UTC)


def by_kliping(url: str, body: bytes) -> dict[str, Any]:
    page = Page(
        url=Url(url),
        body=body,
        content_type="text/html",
        content_encoding=None,
        captured_at=CAPTURED_AT,
        is_dated=False,
    )
    try:
        draft = extract(page)
    except Unextractable as error:
        return {"error": str(error)}
    return {
        "title": draft.title,
        "date": draft.published.isoformat() if draft.published else None,
        "authors": list(draft.authors),
        "body": draft.body,
        "language": draft.language,
        "kind": draft.kind,
        "origins": {field: claims[0].origin for field, claims in draft.claims.items()},
        "wall": draft.wall,
        "reason": draft.reason,
    }


def by_trafilatura(url: str, body: bytes) -> dict[str, Any]:
    found: Any = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    if found is None:
        return {}
    return {
        "title": found.title,
        "date": found.date,
        "authors": found.author,
        "body": found.text,
        "language": found.language,
    }


def answers(answer: Callable[[str, bytes], dict[str, Any]]) -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        body = Path(asked["html_path"]).read_bytes()
        began = time.process_time()
        said = answer(asked["url"], body)
        spent = (time.process_time() - began) * 1000
        print(json.dumps({"id": asked["id"], **said, "ms": round(spent, 2)}, ensure_ascii=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--trafilatura", action="store_true", help="answer with its defaults")
    answers(by_trafilatura if parser.parse_args().trafilatura else by_kliping)


if __name__ == "__main__":
    main()
