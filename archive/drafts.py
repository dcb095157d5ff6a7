"""Drafts as JSON: the form in which each is kept in the WARC files, and in the database."""

from dataclasses import fields
from typing import Any

from archive.moments import moment_as_json, moment_from_json
from archive.records import Claim, Draft, Fingerprint
from archive.structure import image_as_json, image_from_json


def draft_as_json(draft: Draft) -> dict[str, Any]:
    """All that a draft says; what it does not know is left out."""
    plain = {f.name: getattr(draft, f.name) for f in fields(Draft)}
    plain["fingerprint"] = {
        "extractor": draft.fingerprint.extractor,
        "rules": draft.fingerprint.rules,
        "memory": draft.fingerprint.memory,
    }
    plain["published"] = moment_as_json(draft.published)
    plain["modified"] = moment_as_json(draft.modified)
    plain["authors"] = list(draft.authors)
    plain["tags"] = list(draft.tags)
    plain["outline"] = list(draft.outline)
    plain["images"] = [image_as_json(image) for image in draft.images]
    plain["claims"] = {
        name: [[claim.origin, claim.value] for claim in claims]
        for name, claims in draft.claims.items()
    }
    return {name: value for name, value in plain.items() if value not in (None, [], {})}


def draft_from_json(plain: dict[str, Any]) -> Draft:
    """The draft again."""
    values = dict(plain)
    values["fingerprint"] = Fingerprint(**plain["fingerprint"])
    values["published"] = moment_from_json(plain.get("published"))
    values["modified"] = moment_from_json(plain.get("modified"))
    values["authors"] = tuple(plain.get("authors", ()))
    values["tags"] = tuple(plain.get("tags", ()))
    values["outline"] = tuple(plain.get("outline", ()))
    values["images"] = tuple(image_from_json(one) for one in plain.get("images", ()))
    values["claims"] = {
        name: tuple(Claim(origin=origin, value=value) for origin, value in claims)
        for name, claims in plain.get("claims", {}).items()
    }
    return Draft(**values)
