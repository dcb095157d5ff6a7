"""A crawl that pictures what came: the newspaper's articles look as they were captured."""

import json
from pathlib import Path

from flow.parts import HARBOUR, Elsewhere, is_sound
from sqlalchemy import func, select
from support.chromium import needs_chromium
from support.pngs import colours, size

from archive.db import schema
from archive.query.history import find_article
from archive.query.screenshots import screenshots_of
from archive.store import Archive


@needs_chromium
def test_a_crawl_pictures_what_is_new_and_asks_the_newspaper_for_nothing_more(
    elsewhere: Elsewhere, tmp_path: Path
) -> None:
    done = elsewhere.run("crawl", HARBOUR, "--limit", "2", "--screenshot", "--json")
    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)["screenshots"]
    assert (len(account["taken"]), account["left"], account["failed"]) == (2, [], [])
    with Archive.open(elsewhere.directory) as archive, archive.reading() as connection:
        captures = select(func.count()).where(schema.capture.c.file.is_not(None))
        assert connection.execute(captures).scalar() == len(elsewhere.server.log)
        one = find_article(connection, account["taken"][0]["capture"], archive.clock.now())
        (shot,) = screenshots_of(connection, one, archive.clock.now())
        content = archive.fetch_screenshot(shot.id)
    asked = len(elsewhere.server.log)
    assert len(shot.made_of) > 3  # the page, its style sheets, its pictures
    assert size(content) == (shot.width, shot.height)
    assert shot.height > 1000
    assert len(colours(content, 700)) > 100  # letters on paper, a sky
    again = elsewhere.run("screenshot", one.id)
    assert (again.returncode, "has one already" in again.stdout) == (4, True)
    file = tmp_path / "one.png"
    assert elsewhere.run("show", one.id, "--screenshot", str(file)).returncode == 0
    assert file.read_bytes() == content
    assert is_sound(elsewhere.directory)
    assert len(elsewhere.server.log) == asked
