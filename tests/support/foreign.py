"""Files as other programs write them, made with warcio or by hand; every page is invented."""

import base64
import gzip
import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HOST = "https://lantern.example"
BODY = (
    "The harbour is to grow by two quays, the council said on Monday evening after a long debate. "
    "Work begins in spring and is to take three years, and the ferries go on as before. "
)


def page(title: str = "Harbour to grow", body: str = BODY) -> bytes:
    paragraphs = "".join(
        f"<p>{body} Paragraph {number} says more of it.</p>" for number in range(6)
    )
    return (
        f"<html><head><title>{title} - The Lantern</title>"
        '<meta property="og:type" content="article"></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def http(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    lines = [status, "Content-Type: text/html; charset=utf-8", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sha1(content: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(content).digest()).decode()


def new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def record(
    kind: str,
    block: bytes = b"",
    *fields: tuple[str, str],
    id_: str | None = None,
    url: str | None = f"{HOST}/a",
    at: str = "2026-02-01T10:00:00Z",
    type_: str | None = None,
    version: str = "1.0",
) -> bytes:
    """A record's text, as a program of the last decade writes it."""
    types = {"request": "application/http; msgtype=request", "warcinfo": "application/warc-fields"}
    lines = [f"WARC/{version}", f"WARC-Type: {kind}", f"WARC-Record-ID: {id_ or new_id()}"]
    lines += [f"WARC-Date: {at}"]
    lines += [f"WARC-Target-URI: {url}"] if url else []
    lines += [f"{name}: {value}" for name, value in fields]
    lines += [f"Content-Type: {type_ or types.get(kind, 'application/http; msgtype=response')}"]
    lines += [f"Content-Length: {len(block)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def info(software: str = "Wget/1.21.3 (linux-gnu)") -> bytes:
    return record("warcinfo", f"software: {software}\r\n".encode(), url=None)


def asked(path: str = "/a", *, host: str = "lantern.example", **fields: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def wget(
    path: str = "/a", body: bytes | None = None, *, at: str = "2026-02-01T10:00:00Z"
) -> list[bytes]:
    """A request, and a response that names it; URLs in angle brackets, SHA-1 in base32."""
    block = http(page() if body is None else body)
    payload = block.partition(b"\r\n\r\n")[2]
    ask = new_id()
    digests = (("WARC-Block-Digest", sha1(block)), ("WARC-Payload-Digest", sha1(payload)))
    url = f"<{HOST}{path}>"
    return [
        record("request", asked(path), id_=ask, url=url, at=at),
        record("response", block, ("WARC-Concurrent-To", ask), *digests, url=url, at=at),
    ]


def packed(records: Iterable[bytes]) -> bytes:
    """One gzip member a record."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def written(path: Path, *records: bytes) -> Path:
    path.write_bytes(packed(records))
    return path


def wacz(
    path: Path, members: dict[str, bytes], *, promised: dict[str, bytes] | None = None
) -> Path:
    """A package of these members, described as if they were those that are promised."""
    resources: list[dict[str, Any]] = [
        {
            "name": name.rpartition("/")[2],
            "path": name,
            "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
        for name, content in (promised or members).items()
    ]
    import json

    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
        file.writestr("datapackage.json", json.dumps({"resources": resources}))
    return path


def rewritten(path: Path, old: bytes, new: bytes) -> None:
    """Put other bytes of the same length into a file, wherever these are."""
    assert len(old) == len(new)
    path.write_bytes(path.read_bytes().replace(old, new))


def opened(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)
