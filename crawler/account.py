"""The account of a run: what was done, what was not and why, and what to do next."""

from collections import Counter
from pathlib import Path

from rich.table import Table
from rich.text import Text

from archive.console import clean, human, out
from archive.counting import many
from archive.tables import print_table
from crawler.run.adopt import Imported
from crawler.run.crawl import Report
from crawler.run.screenshots import Pictured

PARTIAL, NOTHING_NEW, BLOCKED, INTERRUPTED = 3, 4, 5, 130
SHOWN = 10


def exit_code(report: Report) -> int:
    """The documented code for how a run went."""
    if report.outcome == "failed" or report.faults:
        return 1
    if report.outcome == "interrupted":
        return INTERRUPTED
    counts = report.counts
    shots = report.screenshots
    if shots and shots.outcome == "interrupted":
        return INTERRUPTED
    if report.failed_outlets or counts["listings/failed"] or (shots and shots.failed):
        return PARTIAL
    if counts["articles/new"] or counts["articles/changed"]:
        return 0
    refused = counts["articles/refused"] + counts["listings/refused"]
    reached = sum(counts[f"{room}/{how}"] for room, how in _REACHED)
    return BLOCKED if refused and not reached else NOTHING_NEW


_REACHED = (
    ("listings", "polled"),
    ("listings", "unchanged"),
    ("articles", "same"),
    ("articles", "walled"),
    ("articles", "not-article"),
)
_COLUMNS = ("new", "changed", "same", "gone", "walled", "refused", "failed")


def print_report(report: Report, archive: Path) -> None:
    """A line for each outlet, the misses with their reasons, and the next command."""
    table = Table("outlet", "announced", *_COLUMNS, box=None, header_style="dim")
    for outlet, counts in sorted(report.visits.items()):
        numbers = [counts["announced"], *(counts[f"articles/{name}"] for name in _COLUMNS)]
        table.add_row(outlet, *(str(number) for number in numbers))
    if report.visits:
        print_table(out, table)
    _print_misses(report)
    _print_refused(report.counts)
    _print_remarks(report)
    counts = report.counts
    out.print(
        f"{many(counts['captures'], 'capture')}, {human(counts['bytes'])} recorded; "
        f"{many(counts['articles/new'], 'new article')}, "
        f"{many(counts['articles/changed'], 'new version')}."
    )
    if any(counts[f"requisites/{how}"] for how in ("polled", "unchanged", "failed", "refused")):
        out.print(
            f"For their pages: {counts['requisites/polled']} pictures, style sheets and fonts "
            f"fetched, {counts['requisites/unchanged']} unchanged, "
            f"{counts['requisites/failed']} failed, {counts['requisites/refused']} refused."
        )
    if report.screenshots:
        _print_shots(report.screenshots)
    if report.reason:
        out.print(Text(report.reason, "bold red"))
    elif report.outcome == "interrupted":
        out.print("Stopped. What was not fetched stays due: the same command goes on from here.")
    where = "" if archive == Path() else f" -A {archive}"
    out.print(f"Next:  kliping status{where}   kliping search{where} WORDS   kliping verify{where}")


def _print_remarks(report: Report) -> None:
    """Whoever asked for patience, what ended early, what failed, and what a person should know."""
    for outlet, until in report.held.items():
        at = until.isoformat(timespec="seconds")
        out.print(f"{outlet}: asked to be left alone until {at}; the rest stays due.")
    for outlet, name in report.quotas.items():
        out.print(f"{outlet}: quota {name} reached; the rest stays due.")
    for remark in report.remarks:
        out.print(Text(f"{clean(remark)}.", "yellow"))
    for outlet, reason in report.failed_outlets.items():
        out.print(Text(f"{outlet}: the visit failed: {clean(reason)}", "red"))
    for fault in report.faults:
        out.print(Text(f"THE LEDGER DOES NOT BALANCE  {clean(fault)}", "bold red"))


def screenshot_code(done: Pictured) -> int:
    """The documented code for how picturing went."""
    if done.outcome == "interrupted":
        return INTERRUPTED
    if done.failed:
        return PARTIAL
    return 0 if done.taken else NOTHING_NEW


def print_pictured(done: Pictured, archive: Path) -> None:
    """What was pictured, what was not and why, and the next command."""
    _print_shots(done)
    where = "" if archive == Path() else f" -A {archive}"
    if done.outcome == "interrupted":
        out.print("Stopped. The same command goes on from here.")
    elif not (done.taken or done.failed or done.left):
        out.print(f"No article fits. Next:  kliping status{where}   kliping search{where} WORDS")
    elif done.taken:
        shown = done.taken[-1].capture
        out.print(f"Next:  kliping show{where} {shown} --screenshot FILE.png")


def _print_shots(done: Pictured) -> None:
    for one in done.failed[:SHOWN]:
        out.print(Text(clean(f"  NO SCREENSHOT  {one.url}: {one.reason}"), "red"))
    if len(done.failed) > SHOWN:
        out.print(f"  … and {many(len(done.failed) - SHOWN, 'other')}; --json names them.")
    for reason, number in Counter(one.reason for one in done.left).most_common():
        out.print(Text(clean(f"  {number} left: {reason}"), "dim"))
    out.print(f"{many(len(done.taken), 'screenshot')} taken, {len(done.failed)} failed.")


def import_code(done: Imported) -> int:
    """The documented code for how an import went."""
    if done.is_partial:
        return PARTIAL
    return 0 if done.is_new else NOTHING_NEW


def print_imported(done: Imported, archive: Path, *, is_trial: bool) -> None:
    """What came in of each file, what did not and why, and the next command."""
    for one in done.files:
        out.print(
            Text(
                f"{clean(one.file)}: {many(one.records, 'record')}, "
                f"{many(one.captures, 'capture')}, {one.known} of them known already, "
                f"{many(one.damaged, 'record')} damaged."
            )
        )
        for problem in one.problems:
            out.print(Text(f"  NOT AS PROMISED  {clean(problem)}", "red"))
        for damage in one.damages[:SHOWN]:
            out.print(Text(f"  DAMAGED  {clean(damage)}", "red"))
        if one.damaged > SHOWN:
            out.print(f"  … and {one.damaged - SHOWN} others; --json names them.")
        for reason, number in one.skipped.most_common():
            out.print(Text(f"  {number} left out: {clean(reason)}", "yellow"))
    for problem in done.problems:
        out.print(Text(f"  {clean(problem)}", "yellow"))
    if done.homeless:
        out.print(Text(f"  {done.homeless} left out: no outlet has their host", "yellow"))
    if done.begun:
        made = "would be made" if is_trial else "made"
        out.print(
            Text(clean(f"{many(len(done.begun), 'new outlet')} {made}: {', '.join(done.begun)}"))
        )
    if is_trial:
        out.print(f"{many(done.captures, 'capture')} would come in. Nothing was changed.")
        return
    said = ", ".join(f"{number} {name}" for name, number in sorted(done.articles.items()))
    out.print(f"{many(done.captures, 'capture')} came in; pages read: {said or 'none'}.")
    where = "" if archive == Path() else f" -A {archive}"
    out.print(f"Next:  kliping search{where} WORDS   kliping verify{where}")


def _print_refused(counts: Counter[str]) -> None:
    """What listings named and is not fetched: traps by their reason, and what the outlet denies."""
    traps = Counter(
        {name.rpartition("/")[2]: n for name, n in counts.items() if "/trap/" in name and n}
    )
    if traps:
        said = ", ".join(f"{number} {reason}" for reason, number in traps.most_common())
        number = many(traps.total(), "link is a trap", "links are traps")
        out.print(Text(f"  {number}, left out: {said}", "yellow"))
    if denied := counts["sightings/denied"]:
        number = many(denied, "link is", "links are")
        out.print(Text(f"  {number} denied by their outlet's own file", "yellow"))


def _print_misses(report: Report) -> None:
    """Every URL that brought no article, grouped by reason, each reason with an example."""
    reasons: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for url, outcome, reason in report.misses:
        reasons[outcome, reason] += 1
        example.setdefault((outcome, reason), url)
    ordered = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    for (outcome, reason), number in ordered[:SHOWN]:
        line = Text(f"  {number} {outcome}: {clean(reason)}", "yellow")
        out.print(line.append(f"  {clean(example[outcome, reason])}", "dim"))
    if len(reasons) > SHOWN:
        out.print(f"  … and {many(len(reasons) - SHOWN, 'other reason')}; --json has each URL.")
