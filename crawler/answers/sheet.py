"""One draft as people read it: each field, where it came from, and what the others said."""

import shutil
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.console import as_json, clean
from archive.records import Claim, Draft
from crawler.answers.answer import fields_of

NARROWEST = 40
OPENING = 300
"""Characters of a body that are shown; `--json` has all of it."""
_CLAIMED_AS = {"date": "published"}
_VERDICTS = ("kind", "wall", "reason", "is_free")


def print_sheet(draft: Draft) -> None:
    """Print a table that folds at the terminal's width."""
    width = max(NARROWEST, shutil.get_terminal_size().columns)
    table = Table("field", "from", "value", box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.columns[2].overflow = "fold"
    for name, origin, value, style in _rows(draft):
        table.add_row(name, origin, Text(clean(value), style))
    Console(highlight=False, width=width).print(table)


def as_object(draft: Draft) -> str:
    """The same as JSON: the fields of a batch, and all claims, the chosen one first."""
    claims = {
        name: [{"origin": c.origin, "value": c.value} for c in said]
        for name, said in draft.claims.items()
    }
    return as_json({**fields_of(draft), "claims": claims})


def _rows(draft: Draft) -> Iterator[tuple[str, str, str, str]]:
    for name, value in fields_of(draft).items():
        if name == "origins" or value in (None, "", []):
            continue
        said = draft.claims.get(_CLAIMED_AS.get(name, name), ())
        text = "; ".join(value) if isinstance(value, list) else str(value)
        yield name, _origin(name, said), _opening(text) if name == "body" else text, "bold"
        for claim in said if name != "body" else ():
            if claim.value != text:
                yield "", claim.origin, claim.value, "dim"
    for name in draft.claims:
        if name not in fields_of(draft) and name != "published":
            for number, claim in enumerate(draft.claims[name]):
                yield name if not number else "", claim.origin, claim.value, "dim"


def _origin(name: str, said: tuple[Claim, ...]) -> str:
    return "" if name in _VERDICTS or not said else said[0].origin


def _opening(text: str) -> str:
    words = len(text.split())
    return text if len(text) <= OPENING else f"{text[:OPENING].rstrip()} … ({words} words)"
