"""An archive that is kept and sealed, to be hurt; a bucket on loopback for files that are moved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import buckets
from support.archives import opened
from support.buckets import KEY, S3, SECRET, Bucket
from support.wounds import Kept, kept_in

from archive.clock import SimulatedClock
from archive.config import StorageConfig
from archive.store import Archive


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else commits in a test: what is not there will not come."""
    monkeypatch.setattr("archive.fixity.chain._PAUSES", (0, 0.001))


@pytest.fixture
def kept(archive: Archive) -> Kept:
    """On each engine in turn."""
    return kept_in(archive)


@pytest.fixture
def sqlite_kept(sqlite_directory: Path, clock: SimulatedClock) -> Iterator[Kept]:
    """On SQLite alone."""
    with opened(sqlite_directory, clock) as one:
        yield kept_in(one)


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    with buckets.serving() as server:
        yield server


@pytest.fixture
def bucket(s3: S3, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """An empty bucket, with the credentials for it in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    return s3.bucket()


@pytest.fixture
def bucket_config(bucket: Bucket) -> StorageConfig:
    return StorageConfig(url=bucket.url, endpoint=bucket.endpoint, region="us-east-1")
