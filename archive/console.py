"""What people read: hits, articles, ledgers on a terminal.

Results go to standard output, progress and errors to standard error. Text that came from a page
is hostile: control characters are taken out, and markup in it means nothing.
"""

import dataclasses
import json
import os
import shutil
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.counting import many
from archive.offload import Report
from archive.query.history import differences
from archive.query.particulars import Particulars
from archive.query.search import Answer
from archive.query.status import Status
from archive.records import Article, Capture, Moment, OutletId
from archive.reindex import Rebuilt
from archive.remarks import KINDS, Remark
from archive.screenshots import Screenshot
from archive.tables import print_table
from archive.wacz.writer import Export

WIDE = 110
"""Columns of what is no terminal and says no width: a file, or another program."""

MOST_SHOTS = 8
MOST_TAGS = 8


def _columns() -> int:
    is_said = sys.stdout.isatty() or "COLUMNS" in os.environ
    return shutil.get_terminal_size().columns if is_said else WIDE


out = Console(highlight=False, soft_wrap=True, width=_columns())
err = Console(stderr=True, highlight=False, soft_wrap=True)

_MARKS = {"\x02": True, "\x03": False}


class Failure(Exception):
    """A sentence for the user, and the exit code that goes with it."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def as_json(value: object) -> str:
    """Anything of ours as JSON, times as ISO."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    if isinstance(value, Moment | datetime | date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return [_plain(one) for one in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, str):
        return value.replace("\x02", "[").replace("\x03", "]")
    return str(value) if isinstance(value, Path) else value


def clean(text: str) -> str:
    """Text from a page, harmless on a terminal: no escapes, no bells, no reordering."""
    return "".join(
        c for c in text if c in "\n\x02\x03" or unicodedata.category(c) not in ("Cc", "Cf")
    )


def marked(text: str) -> Text:
    """Text with its matches, which the search has marked, made bold."""
    found = Text()
    style = ""
    for piece in _split_marks(clean(text)):
        if piece in _MARKS:
            style = "bold yellow" if _MARKS[piece] else ""
        else:
            found.append(piece, style)
    return found


def _split_marks(text: str) -> Iterator[str]:
    piece = ""
    for c in text:
        if c in _MARKS:
            yield piece
            yield c
            piece = ""
        else:
            piece += c
    yield piece


def when(moment: Moment | None) -> str:
    """A moment as a table shows it."""
    return moment.on.isoformat() if moment else "undated"


def print_hits(answer: Answer, query: str) -> None:
    """The hits of a search, one block each."""
    if not answer.total:
        out.print(Text(f"Nothing matches {clean(query)}. Fewer words or filters find more."))
        return
    for hit in answer.hits:
        line = Text(f"{when(hit.published)}  ", "dim")
        line.append(clean(hit.title), "bold")
        out.print(line)
        facts = [hit.article, hit.outlet, hit.language or "", ", ".join(hit.authors)]
        facts += [many(hit.versions, "version")] if hit.versions > 1 else []
        facts += ["gone from its outlet"] if hit.is_gone else []
        out.print(Text("  " + clean("  ".join(f for f in facts if f)), "cyan"))
        out.print(Text("  ").append_text(marked(" ".join(hit.snippet.split()))))
    shown = len(answer.hits)
    rest = f", {shown} shown (-n {answer.total} shows all)" if shown < answer.total else ""
    first = answer.hits[0].article
    out.print(Text(f"{many(answer.total, 'article')}{rest}. Read one with: kliping show {first}"))


def print_article(
    one: Article,
    held: Sequence[Capture],
    claims: Mapping[str, Any] | None,
    shots: Sequence[Screenshot] = (),
    more: Particulars | None = None,
) -> None:
    """An article's current text, and where its evidence lies."""
    current = one.current
    out.print(Text(clean(current.title), "bold"))
    facts = [one.outlet, current.published.isoformat() if current.published else "undated"]
    facts += [", ".join(current.authors), current.language or "", current.section or ""]
    out.print(Text(clean("  ".join(f for f in facts if f)), "cyan"))
    out.print(Text(clean(one.url), "dim"))
    if more:
        print_particulars(more)
    if one.gone_at:
        out.print(Text(f"GONE since {one.gone_at.isoformat()}: {one.gone_cause}", "bold red"))
    out.print()
    out.print(Text(clean(current.body)))
    out.print()
    if claims:
        print_claims(claims)
    many = len(one.versions)
    out.print(Text(f"{one.id}  version {current.number} of {many}  {current.id}", "dim"))
    for capture in held[-8:]:
        size = f"{capture.payload_bytes} bytes" if capture.payload_bytes else capture.error or ""
        at = capture.captured_at.isoformat(timespec="seconds")
        out.print(Text(f"  {at}  HTTP {capture.status}  {size}  {capture.id}", "dim"))
    for shot in shots[-MOST_SHOTS:]:
        at = shot.made_at.isoformat(timespec="seconds")
        out.print(Text(f"  {at}  screenshot {shot.width}x{shot.height}, of {shot.capture}", "dim"))
    if shots:
        out.print(f"What it looks like: kliping show {one.id} --screenshot FILE.png")
    if many > 1:
        out.print(f"What changed: kliping show {one.id} --versions")


def print_particulars(more: Particulars) -> None:
    """What the page said beside the text: one line, and a correction if there is one."""
    facts = [more.kind if more.kind != "article" else "", f"by {more.wire}" if more.wire else ""]
    facts += ["not free" if more.is_free is False else "", ", ".join(more.tags[:MOST_TAGS])]
    if any(facts):
        out.print(Text(clean("  ".join(fact for fact in facts if fact)), "dim"))
    if more.correction:
        out.print(Text(clean(more.correction), "yellow"))


def print_claims(claims: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Where each field came from, and what the others said."""
    table = Table("field", "from", "value", box=None, header_style="dim")
    for name, said in claims.items():
        for number, (origin, value) in enumerate(said):
            text = Text(clean(value)[:90], "" if number == 0 else "dim")
            table.add_row(name if number == 0 else "", origin, text)
    print_table(out, table, folds=("value",))
    out.print()


def print_versions(one: Article) -> None:
    """Each version, and what changed from the one before, sentence by sentence."""
    for before, after in zip((None, *one.versions), one.versions, strict=False):
        first = after.first_captured_at.isoformat(timespec="seconds")
        last = after.last_captured_at.isoformat(timespec="seconds")
        out.print(Text(f"version {after.number}  {after.id}", "bold cyan"))
        out.print(Text(f"  seen {first} .. {last}", "dim"))
        if before is None:
            out.print(Text("  " + clean(after.title)))
            continue
        title, body = differences(before, after)
        for change in title:
            _print_change("headline", change.kind, change.text, show_same=False)
        for change in body:
            _print_change("", change.kind, change.text, show_same=False)
        same = sum(1 for change in body if change.kind == "same")
        out.print(Text(f"  {many(same, 'sentence is', 'sentences are')} the same", "dim"))
    if len(one.versions) == 1:
        out.print("One version: no edit has been seen.")


def _print_change(label: str, kind: str, text: str, *, show_same: bool) -> None:
    sign, style = {"same": (" ", "dim"), "removed": ("-", "red"), "added": ("+", "green")}[kind]
    if kind != "same" or show_same:
        out.print(Text(f"  {sign} {f'{label}: ' if label else ''}{clean(text)}", style))


def print_status(
    found: Status, why: Mapping[OutletId, Counter[tuple[str, str]]], where: Path
) -> None:
    """The ledger of every outlet, and why some URLs are not held."""
    if not found.outlets:
        out.print(f"Nothing crawled yet. Begin with: kliping crawl -A {where} https://…/")
        return
    names = ("outlet", "announced", "captured", "articles", "edited", "gone", "refused", "walled")
    table = Table(*names, "failed", "pending", "next due", box=None, header_style="dim")
    for one in found.outlets:
        states = one.states
        numbers = [one.announced, one.captured, one.articles, one.edited, one.gone]
        numbers += (states.get(n, 0) for n in ("refused", "walled", "failed", "pending"))
        due = (
            "now" if one.due else one.next_due_at and one.next_due_at.isoformat(timespec="minutes")
        )
        table.add_row(one.id, *(str(n) for n in numbers), due or "never")
    print_table(out, table)
    for one in found.outlets:
        if one.retired:
            listings = f"{one.retired} of its listings retired: kliping coverage {one.id}"
            out.print(Text(f"  {one.id}: {listings}", "yellow"))
    for outlet, reasons in why.items():
        for (state, reason), number in reasons.most_common(5):
            out.print(Text(f"  {outlet}: {number} {state}: {clean(reason)}", "dim"))
    print_remarks(found.remarks, where)
    out.print(
        f"{many(found.captures, 'capture')}, {human(found.bytes)} of responses "
        "as packed in the WARC files."
    )
    for run in found.runs[:1]:
        closed = run["closed_at"].isoformat(timespec="seconds") if run["closed_at"] else "never"
        out.print(f"Last run {run['id']}: {run['outcome'] or 'not closed'}, ended {closed}.")


def print_remarks(remarks: Sequence[Remark], where: Path) -> None:
    """What does not balance, in full; of the rest how much there is, and who tells of it."""
    number = Counter(dict.fromkeys(KINDS, 0))
    for one in remarks:
        number[one.kind] += one.number
        if one.kind == "ledger":
            out.print(Text(f"  THE LEDGER DOES NOT BALANCE  {clean(one.said)}", "bold red"))
    said = [many(number["miss"], "page was", "pages were") + " not had"] if number["miss"] else []
    said += [many(number["robots"], "remark") + " on robots.txt"] if number["robots"] else []
    said += [many(number["visit"], "visit") + " failed"] if number["visit"] else []
    if said:
        at = "" if where == Path() else f" -A {where}"
        out.print(Text(f"  within a day: {', '.join(said)}: kliping today{at}", "dim"))


def print_rebuilt(rebuilt: Rebuilt, archive: Path) -> None:
    """What the database was made from, what could not be read, and what became of the old one."""
    made = rebuilt.indexed
    out.print(
        f"{many(rebuilt.files, 'file')}, {many(made.records, 'record')} and "
        f"{many(rebuilt.acts, 'act')} of the journal: {many(made.captures, 'capture')}, "
        f"{many(rebuilt.articles, 'article')}, {many(made.drafts, 'draft')}"
        f"{', ' + many(made.screenshots, 'screenshot') if made.screenshots else ''}."
    )
    for problem in made.problems:
        out.print(Text(f"DAMAGED  {problem}", "red"))
    if made.orphans:
        out.print(
            f"{many(made.orphans, 'draft speaks', 'drafts speak')} of captures that are not here; "
            "left out."
        )
    if not rebuilt.acts:
        out.print("There is no journal: restrictions, sightings and due times are not known.")
    for note in rebuilt.notes:
        out.print(note)
    where = "" if archive == Path() else f" -A {archive}"
    out.print(f"Next:  kliping verify{where}   kliping status{where}")


def print_export(export: Export) -> None:
    """What was packed, and what could not be."""
    out.print(
        f"{export.path}: {many(export.pages, 'page')}, {many(export.captures, 'capture')}, "
        f"{many(export.records, 'record')}, {human(export.bytes)}."
    )
    if export.decoded:
        out.print(
            f"{many(export.decoded, 'response was', 'responses were')} decoded, "
            "since players cannot read them."
        )
    for problem in export.problems:
        out.print(Text(f"LEFT OUT  {problem}", "red"))
    if export.signed_by:
        out.print(f"Signed with the key {export.signed_by[-24:]}")
    out.print(f"Digest of its description: {export.digest}")
    out.print("Next:  open it in https://replayweb.page, or any player of WACZ")


def print_moves(report: Report, *, dry_run: bool) -> None:
    """What was moved, what was not, and why."""
    for one in report.moved:
        line = f"{one.name}  {human(one.bytes)}  ->  {one.location}"
        out.print(Text(("would move  " if dry_run else "moved  ") + line))
    for left in report.left:
        out.print(Text(f"left  {left.name}: {left.reason}", "dim"))
    for failed in report.failed:
        out.print(Text(f"NOT MOVED  {failed.name}: {failed.reason}", "red"))
    size = human(sum(one.bytes for one in report.moved))
    verb = "would be moved" if dry_run else "moved"
    out.print(
        f"{many(len(report.moved), 'file')} {verb}, {size}; {len(report.left)} left, "
        f"{len(report.failed)} failed."
    )


def human(size: int) -> str:
    """Bytes as a person says them."""
    number = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":  # noqa: PLR2004 - SI
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    raise AssertionError


@contextmanager
def spinner(what: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error that something is going on; gives what to tell it."""
    with err.status(what) as shown:
        yield lambda detail: shown.update(f"{what} {detail}")
