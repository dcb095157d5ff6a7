"""The same exchanges written four ways, and the same URLs fetched and written by us and by wget."""

import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from recording.table import Figures
from throughput import new_archive, timed

from archive.clock import SystemClock
from archive.records import Exchange, OutletId, Provenance, RunId, Url
from archive.store import Archive
from archive.warc.exchange import group
from archive.warc.writer import WarcWriter

ACTS_A_TURN = 64
"""As the lane groups them under load."""
HOME = "http://127.0.1.1:8180/"
REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nAccept-Encoding: {coding}\r\n"
    "User-Agent: kliping/0.1 (+https://kliping.example; bench@kliping.example)\r\n\r\n"
)
HEAD = (
    "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\n"
    "Content-Type: {mime}\r\n{coding}Content-Length: {length}\r\n"
    'ETag: "5f3c-61a"\r\nConnection: keep-alive\r\n\r\n'
)


def exchange_of(
    number: int, body: bytes, coding: str | None = None, mime: str = "text/html; charset=utf-8"
) -> Exchange:
    """A page as it would have crossed the socket."""
    said = f"Content-Encoding: {coding}\r\n" if coding else ""
    path = f"/news/2026/11/02/{number}.html"
    return Exchange(
        url=Url(f"http://outlet.example{path}"),
        request=REQUEST.format(path=path, host="outlet.example", coding=coding).encode(),
        response=HEAD.format(mime=mime, coding=said, length=len(body)).encode() + body,
        began_at=datetime.now(UTC),
        ip_address="127.0.0.1",
    )


def provenance_in(archive: Archive) -> Provenance:
    """Why the exchanges of this bench were made; the outlet has its row."""
    from crawler.outlets.catalogue import find_outlet
    from crawler.visit import Plan, prepare

    outlet = find_outlet(archive.directory, "o0")
    with archive.turn() as turn:
        prepare(turn, Plan(outlet=outlet))
    return Provenance(
        outlet=OutletId("o0"), config_digest=outlet.digest, run=RunId("bench"), via=Url(HOME)
    )


def ours(exchanges: Iterable[Exchange], work: Path) -> tuple[float, float, Path]:
    """Turn.record: records, index, rows, one fsync and one commit for each group."""
    archive = Archive.open(new_archive([HOME], work))
    provenance = provenance_in(archive)
    wall, cpu = time.monotonic(), time.process_time()
    waiting: list[Exchange] = []

    def take_turn() -> None:
        with archive.turn() as turn:
            for one in waiting:
                turn.record(one, provenance)
        waiting.clear()

    for one in exchanges:
        waiting.append(one)
        if len(waiting) == ACTS_A_TURN:
            take_turn()
    take_turn()
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    archive.close()
    return wall, cpu, next(archive.warc_directory.glob("*.gz"))


def ours_bare(exchanges: Iterable[Exchange], work: Path) -> tuple[float, float, Path]:
    """WarcWriter alone: the same records and fsyncs, no index and no rows."""
    directory = Path(tempfile.mkdtemp(dir=work))
    writer = WarcWriter(
        directory,
        prefix="bench",
        max_bytes=1 << 40,
        max_age=timedelta(days=1),
        clock=SystemClock(),
        warcinfo=lambda: [("software", "bench")],
        on_sealed=lambda _: None,
    )
    provenance = Provenance(
        outlet=OutletId("o0"), config_digest=None, run=RunId("bench"), via=Url(HOME)
    )
    wall, cpu = time.monotonic(), time.process_time()
    for number, one in enumerate(exchanges, 1):
        writer.begin()
        for record in group(one, provenance).records:
            writer.append(record)
        if number % ACTS_A_TURN == 0:
            writer.sync()
    writer.sync()
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    writer.seal()
    return wall, cpu, next(directory.glob("*.gz"))


def warcio_plain(exchanges: Iterable[Exchange], work: Path) -> tuple[float, float, Path]:
    """warcio as its README shows it: heads parsed and written anew, level 9, SHA-1, no fsync."""
    from warcio.statusandheaders import StatusAndHeadersParser
    from warcio.warcwriter import WARCWriter

    path = Path(tempfile.mkdtemp(dir=work)) / "warcio.warc.gz"
    wall, cpu = time.monotonic(), time.process_time()
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for one in exchanges:
            url, answer, asked = str(one.url), BytesIO(one.response), BytesIO(one.request)
            head = StatusAndHeadersParser(["HTTP/1.1"]).parse(answer)
            response = writer.create_warc_record(url, "response", payload=answer, http_headers=head)
            head = StatusAndHeadersParser(["GET"], verify=False).parse(asked)
            request = writer.create_warc_record(url, "request", http_headers=head)
            writer.write_request_response_pair(request, response)
            said = f"via: {HOME}\r\noutlet: o0\r\nrun: bench\r\n".encode()
            about = writer.create_warc_record(
                url, "metadata", payload=BytesIO(said), warc_content_type="application/warc-fields"
            )
            writer.write_record(about)
    return time.monotonic() - wall, time.process_time() - cpu, path


WRITERS = {
    "ours: Turn.record, rows and index": ours,
    "ours: WarcWriter alone": ours_bare,
    "warcio as in its README": warcio_plain,
}


def compare_writers(name: str, exchanges: list[Exchange], work: Path, pairs: int) -> None:
    """Print MB/s and CPU of each way, interleaved."""
    size = sum(len(one.request) + len(one.response) for one in exchanges)
    records = 3 * len(exchanges)
    figures = Figures("MB/s", "CPU ms a record", "CPU ms a MB", "file MB", "MB/s over warcio's")
    for _ in range(pairs):
        speed = {}
        for way, write in WRITERS.items():
            wall, cpu, path = write(exchanges, work)
            speed[way] = size / 1e6 / wall
            figures.add(way, speed[way], cpu / records * 1e3, cpu / size * 1e9, _mb(path))
            path.unlink()
        for way, one in speed.items():
            figures.add_to(way, "MB/s over warcio's", one / speed["warcio as in its README"])
    figures.show(f"Writer, {name}: {len(exchanges)} exchanges, {records} records")


def fetched(urls: Iterable[str]) -> Iterator[Exchange]:
    """Fetch over plain sockets, kept alive, one request after the other, as wget does."""
    open_to: dict[str, socket.socket] = {}
    for url in urls:
        host, _, path = url.removeprefix("http://").partition("/")
        if host not in open_to:
            name, _, port = host.partition(":")
            open_to[host] = socket.create_connection((name, int(port)))
        request = REQUEST.format(path="/" + path, host=host, coding="identity").encode()
        began_at = datetime.now(UTC)
        open_to[host].sendall(request)
        yield Exchange(
            url=Url(url),
            request=request,
            response=_answer(open_to[host]),
            began_at=began_at,
            ip_address=host.partition(":")[0],
        )
    for connection in open_to.values():
        connection.close()


def _answer(connection: socket.socket) -> bytes:
    got = bytearray()
    while not got.endswith(b"\r\n0\r\n\r\n"):  # nginx unpacks as it sends, so in chunks
        piece = connection.recv(1 << 18)
        if not piece:
            raise SystemExit("the site closed the connection")
        got += piece
    return bytes(got)


def _wget(urls: Path, work: Path, *, records: bool) -> tuple[float, float, Path | None]:
    directory = Path(tempfile.mkdtemp(dir=work))
    command = ["wget", "-q", "--no-proxy", "-O", "/dev/null", "-i", str(urls)]
    if records:
        command += ["--warc-file", str(directory / "wget"), "--no-warc-keep-log"]
        command += ["--warc-tempdir", str(directory)]
    wall, cpu = timed(command, directory / "log")
    return wall, cpu, directory / "wget.warc.gz" if records else None


def _fetch_only(urls: list[str]) -> tuple[float, float, Path | None]:
    wall, cpu = time.monotonic(), time.process_time()
    for _ in fetched(urls):
        pass
    return time.monotonic() - wall, time.process_time() - cpu, None


def compare_with_wget(urls_file: Path, work: Path, pairs: int) -> None:
    """Print what fetching costs, and fetching and recording, for us and for wget."""
    urls = urls_file.read_text().split()
    ways: dict[str, Callable[[], tuple[float, float, Path | None]]] = {
        "ours: fetch only": lambda: _fetch_only(urls),
        "ours: fetch, Turn.record": lambda: ours(fetched(urls), work),
        "wget: fetch only": lambda: _wget(urls_file, work, records=False),
        "wget: fetch, --warc-file": lambda: _wget(urls_file, work, records=True),
    }
    figures = Figures("pages/s", "CPU ms a page", "file MB")
    recording = Figures("CPU ms a page", "ours / wget")
    for _ in range(pairs):
        costs = {}
        for way, run in ways.items():
            wall, cpu, path = run()
            costs[way] = cpu / len(urls) * 1e3
            figures.add(way, len(urls) / wall, costs[way], _mb(path) if path else 0)
        own = costs["ours: fetch, Turn.record"] - costs["ours: fetch only"]
        wget = costs["wget: fetch, --warc-file"] - costs["wget: fetch only"]
        recording.add("ours: records, index, rows, fsync", own, own / wget)
        recording.add("wget: records", wget, 1)
    figures.show(f"wget on the same {len(urls)} URLs of one site, identity, one at a time")
    recording.show("  recording alone: with it less without it")


def wget_version() -> str:
    """As wget names itself."""
    said = subprocess.run(["wget", "--version"], capture_output=True, text=True, check=True)
    return said.stdout.partition("\n")[0]


def _mb(path: Path) -> float:
    return path.stat().st_size / 1e6
