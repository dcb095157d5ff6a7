"""The index pages lead to everything that may be seen, and to nothing else."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from support.archives import (
    NOW,
    OUTLET,
    captured,
    declaration,
    draft,
    exchange,
    keep,
    provenance,
    url,
)
from typer.testing import CliRunner

from archive.calendar import Calendar
from archive.errors import ArchiveError
from archive.folder import Folder
from archive.records import Moment

DAY = timedelta(days=1)


class Links(HTMLParser):
    """Every link of a page, and the names of all its elements."""

    def __init__(self, text):
        super().__init__()
        self.found, self.elements = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.found += [value for name, value in attrs if name in ("href", "src")]


@pytest.fixture
def made(archive, tmp_path):
    """Makes the pages; gives a function that reads one."""

    def make(replay=None):
        pages = Calendar(tmp_path / "pages", archive.clock.now(), replay)
        with archive.reading() as connection:
            written = pages.write(connection, lambda _: None)
        return written, lambda name: (tmp_path / "pages" / name).read_text("utf-8")

    return make


def test_every_article_stands_on_exactly_one_day(archive, tmp_path, made):
    ids = []
    for number in range(5):
        published = Moment(at=NOW - number * 3 * DAY)
        ids.append(keep(archive, f"/{number}", f"News {number}", published=published).article)
    written, _ = made()
    assert (written.outlets, written.days, written.articles) == (1, 5, 5)
    assert written.written == 5 + 3
    text = "".join(path.read_text() for path in (tmp_path / "pages" / OUTLET).iterdir())
    assert [text.count(one) for one in ids] == [1] * 5


def test_an_undated_article_stands_on_the_day_of_its_capture(archive, made):
    keep(archive, published=None)
    _, page = made()
    assert "undated" in page(f"{OUTLET}/2026-03-02.html")


def test_the_days_are_chained_and_the_calendar_leads_to_them(archive, made):
    for days in (0, 2):
        keep(archive, f"/{days}", published=Moment(at=NOW - days * DAY))
    _, page = made()
    assert 'rel="next" href="2026-03-02.html"' in page(f"{OUTLET}/2026-02-28.html")
    assert 'rel="prev" href="2026-02-28.html"' in page(f"{OUTLET}/2026-03-02.html")
    links = Links(page(f"{OUTLET}/index.html")).found
    assert {"2026-02-28.html", "2026-03-02.html"} <= set(links)
    assert f"{OUTLET}/index.html" in Links(page("index.html")).found
    assert 'class="gap" title="2026-03-01: not crawled"' in page(f"{OUTLET}/index.html")


def test_what_a_run_captured_together_is_listed_with_its_listings(archive, made):
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), [("section", url("/"))])
        turn.record(exchange("/"), provenance())
    keep(archive, "/a")
    _, page = made()
    text = page(f"{OUTLET}/2026-03-02.html")
    assert "2 captures <code>run-1</code>" in text
    assert f'<a href="{url("/")}">' in text


def test_a_page_that_is_no_article_is_named_with_the_reason(archive, made):
    with archive.turn() as turn:
        capture = turn.record(exchange("/wall"), provenance())
        turn.dismiss(draft(wall="paywall"), capture, outcome="walled")
    _, page = made()
    text = page(f"{OUTLET}/2026-03-02.html")
    assert "Pages that are no articles" in text
    assert "walled" in text


def test_edits_and_deletions_are_told(archive, clock, made):
    keep(archive, "/a", published=Moment(at=NOW))
    captured(archive, "/a", body="Edited.", published=Moment(at=NOW))
    _, page = made()
    assert "2 versions" in page(f"{OUTLET}/2026-03-02.html")


def test_what_a_stranger_wrote_is_text(archive, made):
    title = '<script>alert(1)</script><img src=x onerror="alert(1)">'
    keep(archive, "/x?a=1&b=<i>", title, section='"><svg onload=alert(1)>', authors=("<b>Eve</b>",))
    _, page = made("https://replay.example/news")
    text = page(f"{OUTLET}/2026-03-02.html")
    assert not {"script", "img", "svg", "b", "i"} & Links(text).elements
    assert "default-src 'none'" in text


def test_times_lead_to_a_replay(archive, made):
    saved_at = NOW.strftime("%Y%m%d%H%M%S")
    keep(archive, "/a")
    _, page = made("https://replay.example/news")
    links = Links(page(f"{OUTLET}/2026-03-02.html")).found
    assert f"https://replay.example/news/{saved_at}/{url('/a')}" in links


def test_every_link_is_relative_or_on_the_web(archive, made):
    keep(archive)
    _, page = made()
    for name in ("index.html", f"{OUTLET}/index.html", f"{OUTLET}/2026-03-02.html"):
        for link in Links(page(name)).found:
            assert re.match(r"https?://|(\.\./|[\w-]+/)*[\w-]+\.(html|css)$", link)


def test_what_is_taken_down_vanishes_from_the_pages(archive, made):
    saved = keep(archive, "/a", published=Moment(at=NOW - 9 * DAY))
    keep(archive, "/b", "Still here", published=Moment(at=NOW))
    _, page = made()
    gone = f"{OUTLET}/{(NOW - 9 * DAY).date()}.html"
    assert saved.article in page(gone)
    with archive.turn() as turn:
        turn.restrict("article", saved.article, reason="court", actor="anna")
    written, page = made()
    assert written.removed == 1
    with pytest.raises(FileNotFoundError):
        page(gone)
    assert date(2026, 2, 21).isoformat() not in page(f"{OUTLET}/index.html")


def test_pages_that_did_not_change_are_left_alone(archive, clock, made):
    keep(archive)
    first, _ = made()
    clock.advance(3 * DAY)
    again, _ = made()
    assert (first.unchanged, again.written, again.unchanged) == (0, 0, first.written)


def test_a_directory_of_other_things_is_refused(archive, tmp_path):
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(ArchiveError, match="holds other things"):
        Calendar(tmp_path, NOW)


def test_the_command_says_what_it_made(sqlite_archive, tmp_path, monkeypatch):
    from crawler.cli import app

    monkeypatch.delenv("KLIPING_ARCHIVE", raising=False)
    words = ["calendar", str(tmp_path / "pages"), "-A", str(sqlite_archive.directory)]
    assert CliRunner().invoke(app, words).exit_code == 4
    keep(sqlite_archive)
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert "1 outlet, 1 day, 1 article: " in done.output
    assert CliRunner().invoke(app, [*words, "--replay", "javascript:x"]).exception.code == 2


def test_each_visit_is_a_set_of_its_own_even_within_one_run(archive, clock, made):
    for minutes in (0, 30):
        at = NOW + timedelta(minutes=minutes)
        with archive.turn() as turn:
            turn.record(exchange("/", began_at=at), provenance(visit_at=at))
            turn.record(exchange("/a", began_at=at), provenance(visit_at=at))
    keep(archive, "/a")
    _, page = made()
    text = page(f"{OUTLET}/2026-03-02.html")
    assert text.count("2 captures <code>run-1</code>") == 2


def test_a_file_that_looks_like_a_day_and_is_none_stays(archive, tmp_path, made):
    keep(archive)
    made()
    stray = tmp_path / "pages" / OUTLET / "2026-99-99.html"
    stray.write_text("somebody else's")
    written, _ = made()
    assert written.removed == 0
    assert stray.read_text() == "somebody else's"


def test_the_pages_of_an_outlet_that_is_hidden_since_are_removed_and_nothing_else(
    archive, tmp_path, made
):
    keep(archive, published=Moment(at=NOW))
    made()
    pages = tmp_path / "pages"
    (pages / "my notes").mkdir()
    (pages / "notes").mkdir()
    (pages / "notes" / "index.html").write_text("a person's own")
    (pages / OUTLET / "todo.txt").write_text("a person's own")
    with archive.turn() as turn:
        hidden = turn.restrict("outlet", OUTLET, reason="court", actor="anna")
    written, page = made()
    assert (written.outlets, written.removed) == (0, 2)
    assert [one.name for one in (pages / OUTLET).iterdir()] == ["todo.txt"]
    assert OUTLET not in page("index.html")
    assert page("notes/index.html") == "a person's own"
    (pages / OUTLET / "todo.txt").unlink()
    with archive.turn() as turn:
        turn.lift(hidden)
    assert made()[0].written == 3
    with archive.turn() as turn:
        turn.restrict("outlet", OUTLET, reason="court", actor="anna")
    made()
    assert not (pages / OUTLET).exists()


@pytest.mark.parametrize(
    "name", ["calendar.css", "index.html", OUTLET, f"{OUTLET}/index.html"], ids=str
)
def test_nothing_is_written_through_a_link(archive, tmp_path, made, name):
    keep(archive)
    pages, elsewhere = tmp_path / "pages", tmp_path / "elsewhere"
    pages.mkdir()
    (pages / "calendar.css").touch()
    link = pages / name
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    if name == OUTLET:
        elsewhere.mkdir()
    else:
        elsewhere.write_text("mine")
    link.symlink_to(elsewhere)
    with pytest.raises(ArchiveError, match="is a link, and nothing is written through links"):
        made()
    if elsewhere.is_dir():
        assert list(elsewhere.iterdir()) == []
    else:
        assert elsewhere.read_text() == "mine"


def test_a_directory_that_is_a_link_or_leads_out_of_the_archive_is_refused(archive, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "link").symlink_to(elsewhere)
    with pytest.raises(ArchiveError, match="is a link"):
        Calendar(tmp_path / "link", NOW)
    exports = archive.directory / "exports"
    exports.rmdir()
    exports.symlink_to(elsewhere)
    with pytest.raises(ArchiveError, match="leads out of the archive"):
        Calendar(exports / "calendar", NOW, within=archive.directory)
    Calendar(elsewhere / "calendar", NOW, within=archive.directory)


def test_a_name_that_leads_elsewhere_is_no_name(tmp_path):
    pages = Folder(tmp_path / "pages")
    for name in ("../x", "/etc/x", "a/../../x", "", ".", "a\nb", "a//b"):
        with pytest.raises(ArchiveError, match="cannot be the name"):
            pages.write(name, "x")
