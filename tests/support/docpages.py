"""A document whose commands are run: what is marked in it, in order.

Marks are HTML comments of a line, which readers do not see; one that is about a block of code
stands before it, with an empty line between::

    <!-- run -->             the block runs in a shell; its code is 0
    <!-- run: 4 -->          the same; its last command ends with 4
    <!-- run if chromium --> the same, if there is such a program
    <!-- start -->           the same, in the background, until `<!-- stop -->`
    <!-- shows -->           what the block before printed, or a part of it; see `is_shown`
    <!-- file: NAME -->      what stands in a file, where the shell is
    <!-- at: 2026-03-02 -->  it is this time now, or later
    <!-- WORD -->            any other word: whoever plays the document does what it stands for

Lines that only numbers, ids and the width of a table tell apart are the same line. In what a
document shows, `…` stands for anything, and a line that is `…` for any lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

MARK = re.compile(r"^<!-- (?P<word>[a-z]+)(?P<rest>[^>]*?) -->$", re.MULTILINE)
FENCED = re.compile(r"\s*^```\w*\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"\n\n(?P<text>(?:(?: {4}.*)?\n)+)")
WITH_CODE = ("run", "start", "shows", "file")
_TOLD_APART = (
    (re.compile(r"\b(sha256:)?[0-9a-f]{16,}\b"), "#"),
    (re.compile(r"\b[avr]:[a-z0-9-]{6,}"), "#"),
    (re.compile(r"\d+(?:[.,:]\d+)*"), "#"),
    (re.compile(r"\b(bytes|[kMG]B)\b"), "bytes"),
    (re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"), "Day"),
    (re.compile(r"\s+"), " "),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One mark: its word, what stands after it, and the code that belongs to it."""

    word: str
    rest: str
    text: str
    line: int


def steps_of(path: Path) -> Iterator[Step]:
    """What is marked in a document, in order."""
    page = path.read_text("utf-8")
    for found in MARK.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        text = ""
        if found["word"] in WITH_CODE:
            code = FENCED.match(page, found.end()) or INDENTED.match(page, found.end())
            assert code, f"{path.name}:{line}: no code after the mark"
            text = "\n".join(one.removeprefix("    ") for one in code["text"].splitlines()).strip()
        yield Step(found["word"], found["rest"].strip(" :"), text, line)


def is_shown(documented: str, printed: str) -> bool:
    """Whether all of the lines that a document shows were printed, in this order."""
    return not missing(documented, printed)


def missing(documented: str, printed: str) -> str:
    """The first line of a document that was not printed where it should have been; or nothing.

    Lines that follow each other in the document did so in print, unless a line `…` is between them.
    """
    lines = [_like(line) for line in printed.splitlines() if line.strip()]
    wanted = [line for line in documented.splitlines() if line.strip()]
    at = 0
    for before, line in pairwise(["…", *wanted]):
        if line.strip() == "…":
            continue
        pattern = re.compile(".*".join(map(re.escape, _like(line).split("…"))))
        last = len(lines) if before.strip() == "…" else min(at + 1, len(lines))
        here = range(at, last)
        found = next((n for n in here if pattern.fullmatch(lines[n])), None)
        if found is None:
            return line
        at = found + 1
    return ""


def _like(line: str) -> str:
    for pattern, instead in _TOLD_APART:
        line = pattern.sub(instead, line)
    return line.strip()
