"""The tables that crawling remembers by; docs/for-researchers.md explains the columns in words.

    outlet 1─* frontier 1─* sighting            what is known, and when it is next due
    outlet 1─1 schedule 1─* boost               when it is visited again
    outlet 1─* ledger                           a day that is over: what came of what was announced
    outlet 1─* rescue                           its whole past fetched before it ends
    outlet 1─* outlet_memory                    what its pages have in common
    frontier 1─* poll_day, gap                  a listing's polls, a day a row; what went by unseen
                              sighting 1─* sighting_change    what a listing said otherwise later
    run 1─* remark                              one command that crawled; what it said of its work
    host, robots, robots_history                manners, shared by all runs

What was captured and what came of it is in `archive.db.schema`.
"""

from sqlalchemy import (
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    and_,
)

from archive.db.columns import Id, Json, UtcDateTime, metadata

outlet = Table(
    "outlet",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("home", Text, nullable=False),
    Column("country", Text),
    Column("zone", Text),
    Column("config_digest", Text, nullable=False),
)

outlet_config = Table(
    "outlet_config",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("outlet_id", Text, ForeignKey(outlet.c.id), nullable=False),
    Column("content", Text, nullable=False),
    Column("first_used_at", UtcDateTime, nullable=False),
)

frontier = Table(
    "frontier",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("outlet_id", Text, ForeignKey(outlet.c.id), nullable=False),
    Column("kind", Text, nullable=False),  # feed, sitemap, section, article or requisite
    Column("url", Text, nullable=False),
    Column("urlkey", Text, nullable=False),
    Column("state", Text, nullable=False),  # pending, or the outcome of the last settlement
    Column("reason", Text),
    Column("first_sighted_at", UtcDateTime, nullable=False),
    Column("sort_at", UtcDateTime, nullable=False),  # newest first
    Column("next_due_at", UtcDateTime),  # null is never
    Column("due_rank", Integer),  # a hint that it is due: 0 a listing, 1 an article, 2 a requisite
    Column("due_reason", Text),  # how that was reckoned
    Column("settled_at", UtcDateTime),
    Column("lease_token", Text),
    Column("lease_until", UtcDateTime),
    Column("attempts", Integer, nullable=False, default=0),  # failures since the last success
    Column("score", Float, nullable=False, default=0.0),  # what they weigh
    Column("retired_at", UtcDateTime),  # given up
    Column("polled_at", UtcDateTime),  # a listing that was had
    Column("every_seconds", Integer),  # its interval
    Column("unchanged", Integer, nullable=False, default=0),  # rechecks since the last change
    Column("etag", Text),
    Column("since", Text),
    Column("capture_id", Text),
    Column("article_id", Text),  # once it is held
    Column("discovery", Json),  # what the first listing said
    UniqueConstraint("outlet_id", "urlkey", "kind"),
    Index(None, "outlet_id", "kind", "first_sighted_at"),
)
# Most of what is known is never due again and lent to nobody: these stay small.
Index(
    None,
    frontier.c.outlet_id,
    frontier.c.next_due_at,
    sqlite_where=frontier.c.next_due_at.is_not(None),
    postgresql_where=frontier.c.next_due_at.is_not(None),
)
# Each row that is ever due again is in one of these two (archive.db.dues says why).
_RANKED = frontier.c.due_rank.is_not(None)
_UNRANKED = and_(frontier.c.due_rank.is_(None), frontier.c.next_due_at.is_not(None))
Index(
    "ix_frontier_ranked",
    frontier.c.outlet_id,
    frontier.c.due_rank,
    frontier.c.sort_at.desc(),
    frontier.c.id,
    sqlite_where=_RANKED,
    postgresql_where=_RANKED,
)
Index(
    "ix_frontier_unranked",
    frontier.c.outlet_id,
    frontier.c.next_due_at,
    sqlite_where=_UNRANKED,
    postgresql_where=_UNRANKED,
)
Index(
    None,
    frontier.c.lease_token,
    sqlite_where=frontier.c.lease_token.is_not(None),
    postgresql_where=frontier.c.lease_token.is_not(None),
)

sighting = Table(
    "sighting",
    metadata,
    Column("frontier_id", Id, ForeignKey("frontier.id"), primary_key=True),
    Column("listing", Text, primary_key=True),
    Column("url", Text, nullable=False),  # as the listing wrote it
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("title", Text),
    Column("published", Text),
    Column("position", Integer),  # at first
    Column("said", Json),  # all that it said last
    Column("changes", Integer, nullable=False, default=0, server_default="0"),
)

sighting_change = Table(
    "sighting_change",
    metadata,
    Column("frontier_id", Id, primary_key=True),
    Column("listing", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1
    Column("at", UtcDateTime, nullable=False),
    Column("position", Integer),
    Column("said", Json, nullable=False),  # what it said from then on, of what was said otherwise
    ForeignKeyConstraint(["frontier_id", "listing"], ["sighting.frontier_id", "sighting.listing"]),
)

poll_day = Table(
    "poll_day",
    metadata,
    Column("frontier_id", Id, ForeignKey("frontier.id"), primary_key=True),
    Column("day", Date, primary_key=True),  # in the outlet's zone
    Column("outlet_id", Text, nullable=False),
    Column("polls", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("named", Integer, nullable=False),
    Column("fresh", Integer, nullable=False),
    Column("denied", Integer, nullable=False),
    Index(None, "outlet_id", "day"),
)

gap = Table(
    "gap",
    metadata,
    Column("frontier_id", Id, ForeignKey("frontier.id"), primary_key=True),
    Column("proved_at", UtcDateTime, primary_key=True),
    Column("outlet_id", Text, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("named", Integer, nullable=False),
    Index(None, "outlet_id", "ended_at"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("outlet_id", Text, ForeignKey(outlet.c.id), primary_key=True),
    Column("day", Date, primary_key=True),  # in the outlet's zone
    Column("closed_at", UtcDateTime, nullable=False),
    Column("announced", Integer, nullable=False),
    Column("captured", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("pending", Integer, nullable=False),
)

host = Table(
    "host",
    metadata,
    Column("host", Text, primary_key=True),
    Column("next_allowed_at", UtcDateTime),
    Column("ready_at", UtcDateTime),  # a delay after it last had a request
    Column("held_until", UtcDateTime),
    Column("reason", Text),
    Column("delay_seconds", Float),
    Column("delay_reason", Text),
    Column("latency_seconds", Float),  # how long it takes to answer, smoothed
    Column("caution", Float),  # by how much the delay is raised after a hold; null is 1
    Column("failures", Integer, nullable=False, default=0),
    Column("busy_by", Text),  # the run that has a request under way
    Column("busy_until", UtcDateTime),
)

robots = Table(
    "robots",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("status", Integer),
    Column("body", Text),
    Column("capture_id", Text),
    Column("ask_again_at", UtcDateTime),  # null is at once
    Column("failures", Integer, nullable=False, default=0),
    Column("reason", Text),
)

robots_history = Table(
    "robots_history",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("first_seen_at", UtcDateTime, primary_key=True),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("status", Integer),
    Column("digest", Text),
    Column("body", Text),
    Column("capture_id", Text),
)

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("outlets", Json, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("outcome", Text),
    Column("counts", Json),
)

remark = Table(
    "remark",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("outlet_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # miss, robots or ledger
    Column("said", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("url", Text),  # an example; of robots, whose it is
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Index(None, "last_at"),
)

schedule = Table(
    "schedule",
    metadata,
    Column("outlet_id", Text, ForeignKey(outlet.c.id), primary_key=True),
    Column("profile", Text),  # one of these three is not null
    Column("every_seconds", Float),
    Column("cron", Text),
    Column("zone", Text, nullable=False),  # in which the cron line is read
    Column("front_page_seconds", Float),
    Column("set_at", UtcDateTime, nullable=False),
    Column("last_begun_at", UtcDateTime),
)

boost = Table(
    "boost",
    metadata,
    Column("outlet_id", Text, ForeignKey("schedule.outlet_id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("begins_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("front_page_seconds", Float),
    Column("feed_seconds", Float),
    Column("every_seconds", Float),
    Column("recheck_factor", Float, nullable=False),
    Column("ended_at", UtcDateTime),  # by a person, early
)

outlet_memory = Table(
    "outlet_memory",
    metadata,
    Column("outlet_id", Text, ForeignKey("outlet.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # 1 is the first that was learned
    Column("digest", Text, nullable=False),  # as in extraction.memory_digest
    Column("learned", Json, nullable=False),  # what the outlet's pages agree on
    Column("learned_at", UtcDateTime, nullable=False),
    Column("forgotten_at", UtcDateTime),  # since when it is not used
    Column("why_forgotten", Text),
)

rescue = Table(
    "rescue",
    metadata,
    Column("outlet_id", Text, ForeignKey(outlet.c.id), primary_key=True),
    Column("begun_at", UtcDateTime, primary_key=True),
    Column("closes_on", Date),  # the last day that the outlet can be asked, if it was said
    Column("ended_at", UtcDateTime),
    Column("certificate", Text),  # its file in exports/
    Column("digest", Text),  # of what it certifies
)
