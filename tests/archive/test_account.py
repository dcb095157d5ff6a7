"""A verdict as a person reads it: numbers, faults, what was not checked, what is next."""

from datetime import date

import pytest
from support.wounds import place_of

from archive import account
from archive.console import out
from archive.fixity.verdict import Verdict
from archive.records import Digest
from archive.verify import verify


def printed(verdict):
    with out.capture() as capture:
        account.print_verdict(verdict)
    return capture.get()


@pytest.mark.parametrize(
    ("faults", "is_partial", "code"),
    [([], False, 0), (["x"], False, 1), ([], True, 3), (["x"], True, 1)],
)
def test_the_exit_code_says_damage_first(faults, is_partial, code):
    assert account.exit_code(Verdict(faults=faults, is_partial=is_partial)) == code


def test_a_sound_archive_has_its_numbers_and_a_root_to_write_down(sqlite_kept):
    verdict = verify(sqlite_kept.archive)
    text = printed(verdict)
    assert "1 file, " in text
    assert "6 rows found their records, 1 revisit their responses." in text
    assert "1 root of files and 1 of days computed again, 2 texts compared." in text
    assert f"Write this down somewhere else: 2026-03-02 {verdict.last_root}" in text
    assert text.endswith("All as recorded.\n")
    assert "DAMAGED" not in text


def test_each_damaged_record_is_a_line(sqlite_kept):
    sqlite_kept.flip(place_of(sqlite_kept.revisit).offset + 40)
    text = printed(verify(sqlite_kept.archive))
    assert f"DAMAGED  {sqlite_kept.path.name} at {place_of(sqlite_kept.revisit).offset}: " in text
    assert "Write this down" not in text
    assert "1 damaged record; of 1 the payload lies here a second time." in text


def test_a_long_list_is_cut_and_says_where_the_rest_is():
    text = printed(Verdict(faults=[f"fault {n}" for n in range(60)]))
    assert text.count("DAMAGED") == account.SHOWN
    assert "and 10 more; --json lists all." in text


def test_what_was_not_checked_and_what_was_repaired_is_said():
    verdict = Verdict(
        unchecked=["2 of 3 sealed files"],
        is_partial=True,
        unindexed=1,
        unindexed_drafts=2,
        repaired=["x: sealed"],
        since_root_on=date(2026, 3, 1),
        last_root=Digest("sha256:1"),
        last_root_on=date(2026, 3, 2),
    )
    text = printed(verdict)
    assert "not checked: 2 of 3 sealed files" in text
    assert "repaired  x: sealed" in text
    assert "1 response and 2 drafts without a row; nothing is lost, they are on disk." in text
    assert "The root you gave is that of 2026-03-01" in text
    assert text.endswith("All that was checked is as recorded. Run it again to go on.\n")


def test_a_hostile_url_cannot_drive_the_terminal():
    text = printed(Verdict(faults=["x.warc.gz [1]: [/] \x1b[31mtorn"]))
    assert "DAMAGED  x.warc.gz [1]: [/] [31mtorn" in text
