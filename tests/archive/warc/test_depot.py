"""A bucket and a directory are one depot: whole files in, ranges out, nothing overwritten."""

import os
import socket
import traceback
from datetime import timedelta

import pytest
from support.buckets import KEY, SECRET

from archive.config import StorageConfig
from archive.errors import CorruptRecord, NameTaken, StorageUnavailable
from archive.warc import depot as module
from archive.warc.depot import PIECE, Depot

SMALL = b"0123456789" * 100
LARGE = os.urandom(PIECE * 2 + 12345)


@pytest.fixture(params=["s3", "file"])
def depot(request, tmp_path):
    if request.param == "s3":
        return Depot(request.getfixturevalue("bucket_config"))
    (tmp_path / "second disk").mkdir()
    return Depot(StorageConfig(url=f"file://{tmp_path}/second disk/"))


@pytest.fixture
def lay(tmp_path):
    def lay(content: bytes):
        path = tmp_path / "a.warc.gz"
        path.write_bytes(content)
        return path

    return lay


@pytest.mark.parametrize("content", [SMALL, LARGE, b""], ids=["small", "large", "empty"])
def test_what_is_put_is_read_back(depot, lay, content):
    depot.put("a.warc.gz", lay(content))
    assert depot.size("a.warc.gz") == len(content)
    with depot.open("a.warc.gz") as file:
        assert file.read() == content


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["small", "large"])
def test_a_name_that_is_taken_is_refused_and_not_overwritten(depot, lay, content):
    depot.put("a.warc.gz", lay(content))
    with pytest.raises(NameTaken, match=r"a\.warc\.gz is there already"):
        depot.put("a.warc.gz", lay(content[::-1]))
    assert depot.read("a.warc.gz", 0, len(content)) == content


def test_a_large_file_leaves_no_part_behind(bucket, bucket_config, lay):
    depot = Depot(bucket_config)
    depot.put("a.warc.gz", lay(LARGE))
    with pytest.raises(NameTaken):
        depot.put("a.warc.gz", lay(LARGE))
    assert bucket.names() == {"a.warc.gz"}


def test_a_range_is_those_bytes_and_no_others(depot, lay):
    depot.put("a.warc.gz", lay(LARGE))
    for start, length in [(0, 1), (7, 100), (PIECE - 3, 9), (len(LARGE) - 4, 4)]:
        assert depot.read("a.warc.gz", start, length) == LARGE[start : start + length]


@pytest.mark.parametrize(
    ("start", "length", "got"), [(995, 99, b"56789"), (1000, 9, b""), (10**9, 9, b""), (3, 0, b"")]
)
def test_a_range_past_the_end_is_shorter(depot, lay, start, length, got):
    depot.put("a.warc.gz", lay(SMALL))
    assert depot.read("a.warc.gz", start, length) == got


def test_a_file_can_be_sought_in(depot, lay):
    depot.put("a.warc.gz", lay(LARGE))
    with depot.open("a.warc.gz") as file:
        assert file.seek(0, os.SEEK_END) == len(LARGE)
        file.seek(PIECE - 1)
        assert file.read(5) == LARGE[PIECE - 1 : PIECE + 4]
        file.seek(-2, os.SEEK_CUR)
        assert file.tell() == PIECE + 2
        file.seek(-3, os.SEEK_END)
        assert file.read() == LARGE[-3:]
        file.seek(len(LARGE) + 5)
        assert file.read(1) == b""


def test_what_is_not_there_is_named_by_its_url(depot):
    assert depot.size("b.warc.gz") is None
    for ask in (lambda: depot.open("b.warc.gz"), lambda: depot.read("b.warc.gz", 0, 9)):
        with pytest.raises(CorruptRecord, match=r"://.*/b\.warc\.gz is missing; restore it"):
            ask()


def test_a_bucket_that_does_not_exist_is_told(bucket_config, lay):
    depot = Depot(bucket_config.model_copy(update={"url": "s3://nobodys/warcs"}))
    assert depot.size("a.warc.gz") is None
    for content in (SMALL, LARGE):
        with pytest.raises(StorageUnavailable, match="s3://nobodys/warcs is not there"):
            depot.put("a.warc.gz", lay(content))


def test_a_disk_that_is_not_mounted_is_told(tmp_path):
    with pytest.raises(StorageUnavailable, match=r"file://.*/second cannot be used: No such file"):
        Depot(StorageConfig(url=f"file://{tmp_path}/second"))


def test_a_store_that_is_down_is_told_in_a_sentence(bucket_config):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = nobody.getsockname()[1]
        config = bucket_config.model_copy(update={"endpoint": f"http://127.0.0.1:{port}"})
        with pytest.raises(StorageUnavailable, match=r"cannot be used: no connection$"):
            Depot(config).size("a.warc.gz")


def test_a_store_that_never_answers_is_not_waited_for_for_ever(bucket_config, monkeypatch):
    monkeypatch.setattr(module, "_READ", timedelta(seconds=0.3))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        config = bucket_config.model_copy(update={"endpoint": f"http://127.0.0.1:{port}"})
        with pytest.raises(StorageUnavailable, match=r"cannot be used: no answer in time$"):
            Depot(config).read("a.warc.gz", 0, 9)


@pytest.mark.parametrize("missing", [["AWS_ACCESS_KEY_ID"], ["AWS_SECRET_ACCESS_KEY"]])
def test_missing_credentials_are_told_with_what_to_set(bucket_config, monkeypatch, missing):
    for name in missing:
        monkeypatch.delenv(name)
    with pytest.raises(StorageUnavailable, match="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS"):
        Depot(bucket_config).size("a.warc.gz")


def answering(reply: bytes):
    """A server that gives every request the same answer; its URL."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Handler(BaseHTTPRequestHandler):
        def reply(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.wfile.write(reply)
            self.close_connection = True

        do_GET = do_PUT = do_HEAD = do_POST = reply  # noqa: N815 - as http.server calls them

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (b"403 Forbidden", "refuses us: look at AWS_ACCESS_KEY_ID"),
        (b"401 Unauthorized", "refuses us: look at AWS_ACCESS_KEY_ID"),
        (b"501 Not Implemented", "cannot be used: HTTP 501"),
        (b"400 Bad Request", "cannot be used: HTTP 400"),
    ],
)
def test_what_a_store_says_of_our_key_is_not_passed_on(bucket_config, lay, status, said):
    body = f"<Error><AWSAccessKeyId>{KEY}</AWSAccessKeyId><X>{SECRET}</X></Error>".encode()
    head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(body))
    server, endpoint = answering(head + body)
    try:
        depot = Depot(bucket_config.model_copy(update={"endpoint": endpoint}))
        for ask in (
            lambda: depot.read("a.warc.gz", 0, 9),
            lambda: depot.put("a.warc.gz", lay(SMALL)),
        ):
            with pytest.raises(StorageUnavailable, match=said) as raised:
                ask()
            told = "".join(traceback.format_exception(raised.value))
            assert KEY not in told
            assert SECRET not in told
    finally:
        server.shutdown()
        server.server_close()
