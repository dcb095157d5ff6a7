"""A restriction lies beneath every read: no door forgets a takedown."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from support.archives import OUTLET, captured, declaration, draft, exchange, keep, provenance, url

from archive import policy
from archive.db.schema import article
from archive.errors import NotCaptured
from archive.journal import acts_of
from archive.query.calendar import shelves
from archive.query.history import captures_of, find_article
from archive.query.life import life
from archive.query.nearest import nearest
from archive.query.rights import rights_of
from archive.query.screenshots import captures_with_ids
from archive.query.search import search
from archive.query.status import status

HOUR = timedelta(hours=1)


def restrict(archive, scope, target, **changes):
    with archive.turn() as turn:
        return turn.restrict(scope, target, reason="court order", actor="Anna", **changes)


def total(archive):
    with archive.reading() as connection:
        return search(connection, "harbour", now=archive.clock.now()).total


def is_hidden(archive, capture, saved) -> bool:
    """Whether every door says the same; True if all of them hide it."""
    now = archive.clock.now()
    with archive.reading() as connection:
        doors = [search(connection, "harbour", now=now).total == 0]
        doors.append(sum(one.articles for one in status(connection, now).outlets) == 0)
        doors.append(sum(one.articles for one in shelves(connection, now)) == 0)
        doors.append(not captures_with_ids(connection, [capture.id], now))
        doors.append(nearest(connection, capture.url, capture, now) is None)
        doors.append(life(connection, capture.url, now).is_restricted)
        try:
            rights_of(connection, capture.id, now)
            doors.append(False)
        except NotCaptured:
            doors.append(True)
        for said in (saved.article, saved.version, capture.id, url()):
            try:
                captures = captures_of(connection, find_article(connection, said, now), now)
                doors.append(not captures)
            except NotCaptured:
                doors.append(True)
    try:
        archive.fetch(capture.id)
        doors.append(False)
    except NotCaptured:
        doors.append(True)
    assert len(set(doors)) == 1, doors
    return doors[0]


def target(scope, saved):
    return {"article": saved.article, "outlet": OUTLET, "urlkey": "example,lantern)/harb"}[scope]


@pytest.mark.parametrize("scope", ["article", "outlet", "urlkey"])
def test_what_is_restricted_is_hidden_from_every_read(archive, scope):
    capture, saved = captured(archive)
    assert not is_hidden(archive, capture, saved)
    restrict(archive, scope, target(scope, saved))
    assert is_hidden(archive, capture, saved)


@pytest.mark.parametrize("scope", ["article", "outlet", "urlkey"])
def test_an_embargo_ends_by_itself(archive, clock, scope):
    capture, saved = captured(archive)
    restrict(archive, scope, target(scope, saved), until=clock.now() + HOUR)
    assert is_hidden(archive, capture, saved)
    clock.advance(HOUR)
    assert not is_hidden(archive, capture, saved)


@pytest.mark.parametrize("scope", ["article", "outlet", "urlkey"])
def test_a_restriction_ends_when_it_is_lifted(archive, scope):
    capture, saved = captured(archive)
    act = restrict(archive, scope, target(scope, saved))
    with archive.turn() as turn:
        assert turn.lift(act)
        assert not turn.lift(act)
    assert not is_hidden(archive, capture, saved)


def test_of_two_restrictions_both_must_end(archive):
    capture, saved = captured(archive)
    acts = [restrict(archive, "article", saved.article) for _ in range(2)]
    with archive.turn() as turn:
        turn.lift(acts[0])
    assert is_hidden(archive, capture, saved)


def test_lifting_what_was_never_imposed_is_nothing(archive):
    with archive.turn() as turn:
        assert not turn.lift("p:unknown")


@pytest.mark.parametrize("scope", ["article", "urlkey", "outlet"])
def test_others_stay_visible_through_every_door(archive, scope):
    with archive.turn() as turn:
        turn.sync_outlet(declaration("other"), None)
    aside = captured(archive, outlet="other", body="Another paper.")
    one = keep(archive, "/one")
    neighbour = captured(archive, "/neighbour", "Ferry", "The ferry sails from the harbour.")
    what = {"article": one.article, "urlkey": "example,lantern)/one", "outlet": OUTLET}[scope]
    restrict(archive, scope, what)
    assert total(archive) == (1 if scope == "outlet" else 2)
    for capture, saved in [aside] if scope == "outlet" else [aside, neighbour]:
        assert archive.fetch(capture.id).capture == capture
        now = archive.clock.now()
        with archive.reading() as connection:
            found = find_article(connection, saved.article, now)
            assert captures_of(connection, found, now) == [capture]


def test_a_lifted_restriction_of_one_scope_does_not_serve_another(archive):
    capture, saved = captured(archive)
    act = restrict(archive, "urlkey", "example,lantern)/harbour")
    restrict(archive, "article", "a:of-something-else")
    with archive.turn() as turn:
        turn.lift(act)
    assert not is_hidden(archive, capture, saved)


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("/a-b", "example,lantern)/a_b"),
        ("/abc", "example,lantern)/a%c"),
        ("/News/1", "example,lantern)/news"),
        ("/news", "example,lantern)/news/"),
    ],
)
def test_a_urlkey_is_a_prefix_and_no_pattern(archive, path, prefix):
    keep(archive, path)
    restrict(archive, "urlkey", prefix)
    assert total(archive) == 1


def test_a_percent_sign_in_a_urlkey_means_itself(archive):
    capture, saved = captured(archive, "/harbour%2Fport")
    restrict(archive, "urlkey", "example,lantern)/harbour%2Fp")
    assert total(archive) == 0
    with pytest.raises(NotCaptured):
        archive.fetch(capture.id)
    assert saved.outcome == "new"


def test_an_article_is_hidden_under_each_url_it_is_known_by(archive):
    capture, saved = captured(archive, "/short", canonical=url())
    restrict(archive, "urlkey", "example,lantern)/harbour")
    assert is_hidden(archive, capture, saved)


def test_a_capture_reached_by_a_redirect_is_hidden_with_its_article(archive):
    why = provenance()
    with archive.turn() as turn:
        capture = turn.record(exchange("/final"), why)
        saved = turn.save(draft(), capture, why, known_as=url())
    assert archive.fetch(capture.id).capture.id == capture.id
    restrict(archive, "article", saved.article)
    assert is_hidden(archive, capture, saved)


def test_nothing_is_destroyed(archive):
    capture, saved = captured(archive)
    before = {p.name: p.stat().st_size for p in archive.warc_directory.iterdir()}
    act = restrict(archive, "article", saved.article)
    assert {p.name: p.stat().st_size for p in archive.warc_directory.iterdir()} == before
    with archive.turn() as turn:
        turn.lift(act)
    assert archive.fetch(capture.id).capture == capture


def test_a_restriction_can_be_imposed_on_what_is_not_held_yet(archive):
    restrict(archive, "urlkey", "example,lantern)/harbour")
    keep(archive)
    assert total(archive) == 0


def test_each_act_is_journalled(archive, clock):
    act = restrict(archive, "outlet", OUTLET, until=clock.now() + HOUR)
    with archive.turn() as turn:
        turn.lift(act)
    acts = [one for one in acts_of(archive.directory / "journal") if one["act"] != "run-opened"]
    assert acts == [
        {
            "at": "2026-03-02T06:00:00+00:00",
            "act": "restricted",
            "id": act,
            "scope": "outlet",
            "target": "lantern",
            "reason": "court order",
            "actor": "Anna",
            "until": "2026-03-02T07:00:00+00:00",
        },
        {"at": "2026-03-02T06:00:00+00:00", "act": "lifted", "id": act},
    ]


def test_the_urls_of_an_article_are_looked_up_and_not_searched(sqlite_archive):
    statement = select(article.c.id).where(policy.visible(sqlite_archive.clock.now()))
    with sqlite_archive.reading() as connection:
        written = statement.compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}").all()
    steps = [row[3] for row in plan if "known_as" in row[3]]
    assert steps
    assert all(step.startswith("SEARCH") for step in steps)
