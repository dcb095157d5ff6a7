"""The key of a URL in a CDXJ index, as cdxj-indexer and pywb write it, to the letter.

    https://www.Example.com:443/News/../a%7eb/?b=2&a=1#top        com,example)/a~b?a=1&b=2

It is not our urlkey (`archive.urls`), and no identity: pages with urlkeys of their own may share
this one. A urlkey keeps the case of the path and its empty segments, drops trackers and AMP, and
refuses what is no http URL. This key is all in lower case, keeps trackers, drops session ids, and
takes anything.

Learnt from what the programs do; the differential test in `tests/archive` holds us to it.
"""

import contextlib
import re
import socket
from urllib.parse import unquote_to_bytes

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PARTS = re.compile(
    r"(?P<scheme>[^:]*):(?://(?P<authority>[^/?]*))?(?P<path>[^?]*)(?:\?(?P<query>.*))?", re.DOTALL
)
_BRACKETED = re.compile(r"[^\[]*\[(?P<host>[^\]]*)\]?[^:]*(?::(?P<port>.*))?", re.DOTALL)
_LENIENT = frozenset(["http", "https"])
_DEFAULT_PORTS = {("http", "80"), ("https", "443")}
_PORTS = 0xFFFF
_WWW = re.compile(r"^www[0-9]*\.")
_IPV4 = 0xFFFFFFFF
_DOTTED = re.compile(r"[0-9]+(\.[0-9]+){1,3}")
_ESCAPED = re.compile(rb"%[0-9A-Fa-f]{2}")
_UNSAFE = re.compile(
    rb"[^!\"$&-~]"
)  # controls, space, non-ASCII, and the # and % that would mislead

_ASP_SESSIONS = (  # of ASP.NET, a segment before the page: /(S(24 characters))/page.aspx
    re.compile(r"(.*/)\((?:[a-z]\([0-9a-z]{24}\))+\)/([^?]+\.aspx.*)", re.DOTALL),
    re.compile(r"(.*/)\([0-9a-z]{24}\)/([^?]+\.aspx.*)", re.DOTALL),
)
_QUERY_SESSIONS = tuple(  # each is taken out once, the last one first, wherever a name ends so
    re.compile(rf"(.*){pair}(?:&(.*))?", re.DOTALL)
    for pair in (
        "jsessionid=[0-9a-z]{32}",
        "phpsessid=[0-9a-z]{32}",
        "sid=[0-9a-z]{32}",
        "aspsessionid[a-z]{8}=[a-z]{24}",
        "cfid=[^&]+&cftoken=[^&]+",
    )
)


def surt(url: str) -> str:
    """The key under which an index lists a URL; a URL with a port that cannot be is its own.

    Other schemes than http are keys too: `urn:a:B` is `urn:a:b`, `ftp://ftp.x.example/` is
    `example,x,ftp)/`. The key has no space, so that it can begin a line.
    """
    if url.startswith("filedesc"):
        return url
    try:
        return _key(url)
    except ValueError:
        return url


def _key(url: str) -> str:
    bare = re.sub(r"[\t\r\n]", "", url.strip()).partition("#")[0]
    parts = _PARTS.fullmatch(bare if _SCHEME.match(bare) else f"http://{bare}")
    if parts is None:
        raise ValueError(f"not a URL: {url!r}")
    scheme, path = parts["scheme"], parts["path"]
    name, port = _split((parts["authority"] or "").rpartition("@")[2])
    if (
        not name and path.strip("/") and scheme in _LENIENT
    ):  # http:/a.example/b, http:///a.example/b
        name, slash, rest = path.lstrip("/").partition("/")
        path = slash + rest
    host = _host(scheme, name, port)
    plain = _unescaped(path)
    path = _without_asp_session(_escaped(_resolved(plain) if host else plain).lower())
    path = path if path == "/" else path.removesuffix("/")
    query = _query(parts["query"] or "")
    return (host or f"{scheme}:") + (f"{path or '/'}?{query}" if query else path)


def _host(scheme: str, name: str, port: str) -> str:
    """`com,example:8080)`, or nothing if there is no host."""
    plain = _address(_ascii(name))
    if not plain:
        return ""
    turned = ",".join(reversed(_WWW.sub("", plain).split(".")))
    is_default = not port or (scheme.lower(), port) in _DEFAULT_PORTS
    return f"{turned})" if is_default else f"{turned}:{port})"


def _split(place: str) -> tuple[str, str]:
    """Host and port; the port without leading zeros, empty if there is none.

    Raises:
        ValueError: if the port cannot be.
    """
    bracketed = _BRACKETED.fullmatch(place)
    if bracketed:
        host, port = bracketed["host"], bracketed["port"] or ""
    else:
        host, _, port = place.rstrip(":").partition(":")
    if port and not (port.isascii() and port.isdecimal() and int(port) <= _PORTS):
        raise ValueError(f"a port that cannot be: {port!r}")
    return host, port.lstrip("0")


def _ascii(name: str) -> str:
    raw = _unescaped(name)
    with contextlib.suppress(UnicodeError):
        raw = raw.decode().encode("idna")  # IDNA 2003; all of the name or nothing of it
    return _escaped(raw).strip(".").replace("..", ".").lower()


def _address(name: str) -> str:
    """An IPv4 address as four decimal numbers; any other name as it is."""
    if name.isdecimal():
        return socket.inet_ntoa((int(name) & _IPV4).to_bytes(4, "big"))
    if _DOTTED.fullmatch(name):
        try:
            return socket.inet_ntoa(socket.inet_aton(name))  # 192.168.1, 010.0.0.1
        except OSError:
            return name
    return name


def _resolved(path: bytes) -> bytes:
    """Take out dot segments and empty ones; a `..` too many stays, and the next `..` takes it."""
    segments: list[bytes] = []
    for segment in path.split(b"/")[1:]:
        if segment == b"..":
            if segments:
                segments.pop()
            else:
                segments.append(segment)
        elif segment != b".":
            segments.append(segment)
    return re.sub(b"/{2,}", b"/", b"/" + b"/".join(segments))


def _without_asp_session(path: str) -> str:
    for session in _ASP_SESSIONS:
        if found := session.fullmatch(path):
            path = found[1] + found[2]
    return path


def _query(query: str) -> str:
    plain = _escaped(_unescaped(query)).lower()
    for session in _QUERY_SESSIONS:
        if found := session.fullmatch(plain):
            plain = found[1] + (found[2] or "")
    return "&".join(sorted(plain.split("&"), key=lambda pair: pair.split("=", 1)))


def _unescaped(text: str) -> bytes:
    """Undo percent-encoding until there is none left to undo."""
    raw = text.encode("utf-8", "surrogatepass")
    while _ESCAPED.search(raw):
        raw = unquote_to_bytes(raw)
    return raw


def _escaped(raw: bytes) -> str:
    return _UNSAFE.sub(lambda match: b"%%%02x" % match[0][0], raw).decode("ascii")
