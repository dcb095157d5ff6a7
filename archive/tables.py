"""Tables that stay readable on a narrow terminal.

Where there is no room, columns of nothing but zeros are left out, and named; if that does not help,
each row becomes a paragraph.
"""

import textwrap

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

LEAST = 24
"""Columns of the terminal below which a column of sentences is no longer read with ease."""
GAP = 2
"""Between two columns, with the table's own padding."""
_EMPTY = ("", "0", "-")


def print_table(page: Console, table: Table, *, folds: tuple[str, ...] = ()) -> None:
    """Print a table, with less in it or each of its rows as a paragraph if the page is too narrow.

    Args:
        page: where to.
        table: what; its cells are strings and texts.
        folds: the headings of columns whose cells may go over several lines.
    """
    columns = {_plain(column.header): column for column in table.columns}
    idle = [name for name, one in columns.items() if all(_is_empty(c) for c in one.cells)]
    full = [one for name, one in columns.items() if name not in idle]
    if _width(table.columns, folds) <= page.width:
        _print_whole(page, table, folds)
    elif _width(full, folds) <= page.width:
        table.columns = full
        _print_whole(page, table, folds)
        zero = [name for name in idle if any(_plain(cell) for cell in columns[name].cells)]
        if zero:
            page.print(Text(f"  nothing under: {', '.join(zero)}", "dim"))
    else:
        cells = [list(column.cells) for column in table.columns]
        for row in zip(*cells, strict=True):
            _print_row(page, list(columns), list(row), folds)


def _print_whole(page: Console, table: Table, folds: tuple[str, ...]) -> None:
    for column in table.columns:
        column.no_wrap = _plain(column.header) not in folds
        column.overflow = "fold"
    page.print(table, soft_wrap=False)


def _width(columns: list[Column], folds: tuple[str, ...]) -> int:
    """The least columns of a page in which a table can be read."""
    total = 0
    for column in columns:
        heading = _plain(column.header)
        widest = max((_widest(cell) for cell in (column.header, *column.cells)), default=0)
        total += GAP + (min(widest, max(LEAST, len(heading))) if heading in folds else widest)
    return total


def _is_empty(cell: object) -> bool:
    return _plain(cell) in _EMPTY


def _print_row(
    page: Console, headings: list[str], row: list[object], folds: tuple[str, ...]
) -> None:
    first, *others = row
    page.print(Text(_plain(first), "bold"))
    told = [
        f"{heading} {_plain(cell)}".strip()
        for heading, cell in zip(headings[1:], others, strict=True)
        if heading not in folds and not _is_empty(cell)
    ]
    if all(_is_empty(cell) for cell in others):
        told = ["nothing"]
    for line in textwrap.wrap(" · ".join(told), max(page.width - GAP, LEAST)):
        page.print(Text(f"  {line}"))
    for heading, cell in zip(headings[1:], others, strict=True):
        if heading not in folds or _is_empty(cell):
            continue
        style = cell.style if isinstance(cell, Text) else ""
        for paragraph in _plain(cell).splitlines():
            page.print(Text(textwrap.indent(_wrapped(paragraph, page.width), "  "), style))


def _wrapped(text: str, width: int) -> str:
    """In lines of the page's width; an address is not broken."""
    lines = textwrap.wrap(
        text, max(width - GAP, LEAST), break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)


def _widest(cell: object) -> int:
    return max((Text(line).cell_len for line in _plain(cell).splitlines()), default=0)


def _plain(cell: object) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)
