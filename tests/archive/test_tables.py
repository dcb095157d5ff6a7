"""A table is whole where it has room; without it nothing that it says is lost or cut."""

from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.tables import print_table

HEADINGS = ("outlet", "announced", "captured", "failed", "look at")


def shown(width, *rows, folds=("look at",)):
    table = Table(*HEADINGS, box=None)
    for row in rows:
        table.add_row(*row)
    page = StringIO()
    console = Console(file=page, width=width, color_system=None, highlight=False, soft_wrap=True)
    print_table(console, table, folds=folds)
    lines = [line.rstrip() for line in page.getvalue().splitlines()]
    assert all(len(line) <= width for line in lines), lines
    return lines


QUIET = ("harbour-gazette", "12", "12", "0", "")
LOUD = (
    "paper",
    "7",
    "6",
    "0",
    Text("WALL since this morning, of all of its pages: paywall", "red"),
)


def test_where_there_is_room_it_is_one_table():
    lines = shown(110, QUIET, LOUD)
    assert len(lines) == 3
    assert lines[0].split() == ["outlet", "announced", "captured", "failed", "look", "at"]


def test_sentences_go_over_several_lines_and_figures_do_not():
    lines = shown(72, QUIET, LOUD)
    assert lines[0].split()[:4] == ["outlet", "announced", "captured", "failed"]
    assert len(lines) > 3


def test_what_is_zero_everywhere_is_left_out_first_and_named():
    lines = shown(66, QUIET, LOUD)
    assert "failed" not in lines[0]
    assert lines[-1] == "  nothing under: failed"


def test_a_page_that_is_narrow_has_a_paragraph_for_each_row():
    assert shown(40, QUIET, LOUD, ("idle", "0", "0", "0", "")) == [
        "harbour-gazette",
        "  announced 12 · captured 12",
        "paper",
        "  announced 7 · captured 6",
        "  WALL since this morning, of all of its",
        "  pages: paywall",
        "idle",
        "  nothing",
    ]


def test_letters_that_are_two_columns_wide_count_as_two():
    wide = ("新聞" * 12, "1", "1", "1", "")
    assert len(shown(80, wide, folds=())) == 2
    assert shown(70, wide, folds=())[0] == "新聞" * 12
