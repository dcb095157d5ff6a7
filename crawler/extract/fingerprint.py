"""What made a draft: extractor, its version and ours, and the rules in force."""

from importlib.metadata import version

from archive.digests import sha256
from archive.records import Fingerprint
from crawler.extract.memory import OutletMemory
from crawler.outlets.spec import ExtractRule

OWN_VERSION = 2
"""Raised with every change of this package that can change a text."""

EXTRACTOR = f"trafilatura/{version('trafilatura')} kliping/{OWN_VERSION}"


def fingerprint(rule: ExtractRule | None, memory: OutletMemory | None = None) -> Fingerprint:
    """The fingerprint of drafts made under `rule` and `memory` by this version."""
    rules = rule.model_dump_json() if rule else ""
    return Fingerprint(
        extractor=EXTRACTOR,
        rules=sha256(rules.encode()),
        memory=memory.digest if memory else None,
    )
