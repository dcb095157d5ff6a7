"""Odd URLs without end, the same every time: to compare our keys with those of a program."""

import random
from collections.abc import Iterator

SCHEMES = [
    *["http://"] * 12, *["https://"] * 8, "HTTP://", "hTTps://", "http:", "http:/", "https:///",
    "", "//", "ftp://", "wss://", "svn+ssh://", "urn:", "urn:kliping:outlet:", "dns:", "data:",
    "mailto:",
]  # fmt: skip
LABELS = [
    "www", "www2", "WWW", "www3x", "amp", "m", "paper", "News", "xn--bcher-kva", "bücher", "ÉTÉ",
    "東京", "ß",
    "a_b", "-a", "a-", "127", "0", "010", "1", "256", "0x7f", "%41b", "b%C3%BC", "%zz", "%2e", "",
    "ﬀ", "1。2",
    "a+b", "a~b", "a,b", "a;b", "é" * 70,
]  # fmt: skip
HOSTS = [
    "127.0.0.1", "2130706433", "192.168.1", "1.2.3.4.", "[::1]", "[2001:DB8::1]", "localhost",
    "www.com", "www.",
]  # fmt: skip
PORTS = [
    "",
    "",
    "",
    "",
    "",
    ":80",
    ":443",
    ":8080",
    ":",
    ":0",
    ":0080",
    ":21",
    ":65535",
    ":65536",
    ":x",
]
USERS = ["", "", "", "", "", "", "me@", "me:secret@", "a@b@", ":@"]
SEGMENTS = [
    "a", "B", "News", "", ".", "..", "...", "%2e", "%2E%2e", "%2F", "a%20b", "a+b", "~u", "%7Eu",
    "%C3%A9", "é",
    "%E9", "%", "%4", "%zz", "%25", "%2541", "%252541", "%3F", "%23", "a;v=1", "a=b&c",
    "index.html", "100%",
    ";jsessionid=0123456789abcdef0123456789ABCDEF", "(S(abcdefghijklmnopqrstuvwx))", "a|b^c`d{e}f",
    "\\", "İ",
    "(ABCDEFGHIJKLMNOPQRSTUVWX)", "page.aspx", "Page.ASPX", "a:b", "a@b", "😀", "'\"<>",
]  # fmt: skip
NAMES = [
    "a", "b", "A", "a-b", "a!", "", "id", "utm_source", "sid", "SID", "mysid", "jsessionid",
    "PHPSESSID", "cfid",
    "cftoken", "ASPSESSIONIDABCDEFGH", "é", "%61", "a%3D", "a b",
]  # fmt: skip
VALUES = [
    None, "", "1", "2", "10", "X", "x=y", "/", "a/../b//c", "http://www.Foo.example/", "%26", "%2B",
    "%20", "é", "?",
    "0123456789abcdef0123456789ABCDEF", "0123456789abcdef0123456789ABCDEFG",
    "ABCDEFGHIJKLMNOPQRSTUVWX",
]  # fmt: skip
TAILS = ["", "", "", "", "#top", "#", "#!/a?b", "#a#b"]


def odd_urls(count: int, seed: int) -> Iterator[str]:
    """As many odd URLs; none is an http URL without a host."""
    draw = random.Random(seed)
    made = 0
    while made < count:
        scheme, place = draw.choice(SCHEMES), _place(draw)
        if not place.strip(".[]:") and not scheme.startswith(("urn", "dns", "data", "mailto")):
            continue
        made += 1
        path = "".join("/" + draw.choice(SEGMENTS) for _ in range(draw.randrange(5)))
        pairs = [_pair(draw) for _ in range(draw.randrange(5))]
        query = draw.choice(["", "?"]) if not pairs else "?" + "&".join(pairs)
        address = draw.choice(USERS) + place + draw.choice(PORTS)
        yield f"{scheme}{address}{path}{query}{draw.choice(TAILS)}".replace(" ", "%20")


def _place(draw: random.Random) -> str:
    if draw.random() < 0.2:
        return draw.choice(HOSTS)
    return ".".join(draw.choice(LABELS) for _ in range(draw.randint(1, 3))) + draw.choice(
        ["", ".example", ".example", ".example."]
    )


def _pair(draw: random.Random) -> str:
    name, value = draw.choice(NAMES), draw.choice(VALUES)
    return name if value is None else f"{name}={value}"
