"""Discoveries as JSON: as the journal and the frontier keep them."""

from dataclasses import fields
from typing import Any

from archive.moments import moment_as_json, moment_from_json
from archive.records import Discovery

_SAID = tuple(field.name for field in fields(Discovery))


def discovery_as_json(discovery: Discovery) -> dict[str, Any]:
    """A discovery as the journal and the frontier keep it."""
    plain: dict[str, Any] = {name: getattr(discovery, name) for name in _SAID}
    plain["authors"] = list(discovery.authors)
    plain["keywords"] = list(discovery.keywords)
    plain["published"] = moment_as_json(discovery.published)
    plain["modified"] = moment_as_json(discovery.modified)
    return {k: v for k, v in plain.items() if v not in (None, (), [])}


def discovery_from_json(plain: dict[str, Any]) -> Discovery:
    """The discovery again."""
    return Discovery(
        **{
            **plain,
            "authors": tuple(plain.get("authors", ())),
            "keywords": tuple(plain.get("keywords", ())),
            "published": moment_from_json(plain.get("published")),
            "modified": moment_from_json(plain.get("modified")),
        }
    )
