"""The index of an archive as one sorted stream of CDXJ lines, for pywb and its like.

The indexes lie in `cdxj/`, one for each sealed WARC file; those that are missing are made first.
Records that a restriction hides are left out. A file that still grows has no index yet.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from archive import policy
from archive.db import locations
from archive.errors import CorruptRecord, StorageUnavailable
from archive.store import Archive
from archive.warc.index import index_path, make_index, merged
from archive.warc.writer import OPEN_SUFFIX


def lines_of(archive: Archive, indexes: list[Path]) -> Iterator[bytes]:
    """The lines of these indexes, sorted bytewise, as they are asked for."""
    with archive.reading() as connection:
        hidden = policy.hidden_places(connection, archive.clock.now())
    for line in merged(indexes):
        if not hidden or _place(line) not in hidden:
            yield line


def indexes_of(archive: Archive, tell: Callable[[str], None]) -> tuple[list[Path], bool]:
    """The index of each sealed WARC file, made now if there is none; whether all are there.

    Args:
        archive: open.
        tell: told of each index that is made or cannot be, and of files that still grow.
    """
    found: list[Path] = []
    is_whole = True
    for name in sorted(_names(archive)):
        index = index_path(archive.cdxj_directory, name)
        if not index.exists():
            tell(f"{name}: has no index; making it from the records")
            try:
                with archive.shelf.open(name) as file:
                    make_index(file, name, archive.cdxj_directory)
            except (CorruptRecord, StorageUnavailable) as error:
                tell(f"{error}; left out, `kliping verify` says more")
                is_whole = False
                continue
        found.append(index)
    for growing in sorted(archive.warc_directory.glob(f"*.warc.gz{OPEN_SUFFIX}")):
        tell(f"{growing.name}: still grows, or was left open; left out")
    return found, is_whole


def _names(archive: Archive) -> set[str]:
    """Sealed files: those in `warc/`, and those that were moved elsewhere."""
    with archive.reading() as connection:
        moved = {one.name for one in locations.located(connection) if one.location}
    return moved | {path.name for path in archive.warc_directory.glob("*.warc.gz")}


def _place(line: bytes) -> tuple[str, int]:
    facts = json.loads(line[line.index(b" {") :])
    return facts["filename"], int(facts["offset"])
