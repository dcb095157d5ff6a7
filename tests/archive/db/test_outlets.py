"""Every declaration that an outlet ever had can be read again."""

from datetime import timedelta

from sqlalchemy import select
from support.archives import NOW, declaration

from archive.db import outlets
from archive.db.crawling import outlet_config

HOUR = timedelta(hours=1)


def test_every_declaration_that_an_outlet_had_is_kept(connection):
    changed = declaration(config='{"id":"lantern","name":"Lantern"}', name="Lantern")
    outlets.sync_outlet(connection, changed, NOW + HOUR)
    outlets.sync_outlet(connection, changed, NOW + 2 * HOUR)
    rows = connection.execute(
        select(outlet_config.c.content, outlet_config.c.first_used_at).order_by("first_used_at")
    ).all()
    assert rows == [(declaration().config, NOW), (changed.config, NOW + HOUR)]
    assert outlets.config_of(connection, changed.digest) == changed.config
    assert outlets.config_of(connection, "sha256:none") is None
