"""After a kill: files left `.open` are cut to their last whole record and sealed.

What is cut goes to a side file, `NAME.torn`; nothing is deleted. A file whose writer still lives
is locked, and left alone.
"""

import contextlib
import fcntl
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from archive.clock import Clock
from archive.errors import CorruptRecord
from archive.merkle import Tree
from archive.warc.index import try_index
from archive.warc.reader import members_of
from archive.warc.writer import OPEN_SUFFIX, SealedFile, file_sha256, last_whole, sync_directory


def seal_orphans(
    directory: Path, clock: Clock, indexes: Path | None = None
) -> tuple[list[SealedFile], list[str]]:
    """Seal every open file whose writer is gone; what was sealed, and a sentence for each.

    Args:
        directory: where the WARC files lie.
        clock: says when they were sealed.
        indexes: where the index of each is made; none is made without.
    """
    sealed: list[SealedFile] = []
    sentences: list[str] = []
    for path in sorted(directory.glob(f"*.warc.gz{OPEN_SUFFIX}")):
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            one, torn = _seal(path, clock)
        if one is None:
            sentences.append(f"{path.name}: empty, removed nothing but its name")
            continue
        sealed.append(one)
        if indexes:
            try_index(directory / one.name, indexes)
        cut = f", {torn} torn bytes kept in {one.name}.torn" if torn else ""
        sentences.append(f"{one.name}: left open by a process that ended; sealed{cut}")
    return sealed, sentences


def _seal(path: Path, clock: Clock) -> tuple[SealedFile | None, int]:
    size = path.stat().st_size
    whole = last_whole(path, size)
    name = path.name.removesuffix(OPEN_SUFFIX)
    if whole < size:
        with path.open("r+b") as file, path.with_name(name + ".torn").open("wb") as torn:
            file.seek(whole)
            shutil.copyfileobj(file, torn)
            torn.flush()
            os.fsync(torn.fileno())  # before it is cut from the file
            file.truncate(whole)
            os.fsync(file.fileno())
    if whole == 0:
        path.rename(path.with_name(name + ".empty"))
        return None, size
    target = path.rename(path.with_name(name))
    sync_directory(path.parent)
    return sealed_file(target, clock), size - whole


def sealed_file(path: Path, clock: Clock) -> SealedFile:
    """What there is to note of a file that is sealed already."""
    tree = Tree()
    with contextlib.suppress(CorruptRecord):  # `kliping verify` says where, and what to do
        for plain, _ in members_of(path):
            tree.add(plain)
    return SealedFile(
        name=path.name,
        opened_at=min(datetime.fromtimestamp(path.stat().st_ctime, UTC), clock.now()),
        sealed_at=clock.now(),
        bytes=path.stat().st_size,
        sha256=file_sha256(path),
        root=tree.root(),
        records=tree.leaves,
    )
