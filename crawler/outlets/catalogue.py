"""Which outlets there are: the archive's own files first, then the catalogue that ships with us."""

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from archive.errors import ConfigError
from archive.urls import host_of
from crawler.outlets.spec import Outlet, read_outlet

CATALOGUE = Path(__file__).parent / "catalogue"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]*")


def find_outlet(archive: Path, id_: str) -> Outlet:
    """The outlet with this id; a file in the archive's `outlets/` overrides the catalogue.

    Raises:
        ConfigError: if there is none, naming the nearest, or its file is wrong.
    """
    path = _file_of(archive, id_)
    if path is None:
        known = {path.stem: path for path in outlet_files(archive)}
        if id_ not in known:
            raise ConfigError(f"No outlet is called {id_!r}. {_hint(id_, known)}")
        path = known[id_]
    outlet = read_outlet(path)
    if outlet.id != path.stem:
        raise ConfigError(f"{path}: `id` is {outlet.id!r}, but the file is called {path.stem!r}")
    return outlet


def _hint(id_: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(id_, known, 3)
    if near:
        return f"Did you mean {', '.join(near)}?"
    return "`kliping outlets` lists those there are; `kliping crawl URL` begins a new one."


def _file_of(archive: Path, id_: str) -> Path | None:
    """The file of an outlet, the others not looked at: an archive may have 10^5 of them."""
    if not _PLAIN.fullmatch(id_):
        return None
    own = archive / "outlets" / f"{id_}.toml"
    return own if own.is_file() else next(CATALOGUE.glob(f"*/{id_}.toml"), None)


def outlet_files(archive: Path) -> Iterator[Path]:
    """Every outlet file there is, the archive's own before the catalogue's it overrides."""
    own = sorted((archive / "outlets").glob("*.toml"))
    yield from own
    mine = {path.stem for path in own}
    yield from (path for path in sorted(CATALOGUE.glob("*/*.toml")) if path.stem not in mine)


def own_outlets(archive: Path) -> list[Outlet]:
    """The outlets that this archive's own files declare."""
    paths = sorted((archive / "outlets").glob("*.toml"))
    return [find_outlet(archive, path.stem) for path in paths]


def outlet_for_url(archive: Path, url: str) -> Outlet | None:
    """The outlet whose home is at the URL's host, `www.` aside; the archive's own come first."""
    wanted = _bare(host_of(url)), urlsplit(url).port
    for path in outlet_files(archive):
        text = path.read_text("utf-8")
        if wanted[0] not in text:
            continue  # reading 180 files is cheap, judging them is not
        outlet = read_outlet(path)
        if (_bare(host_of(outlet.home)), urlsplit(outlet.home).port) == wanted:
            return outlet
    return None


def new_outlet(archive: Path, url: str, *, by: str = "kliping crawl") -> tuple[Outlet, Path]:
    """Declare an outlet by nothing but its URL: its front page is its one listing.

    The file is written to the archive's `outlets/`, to be edited freely.
    """
    host = host_of(url)
    parts = urlsplit(url)
    id_ = re.sub(r"[^a-z0-9]+", "-", _bare(host)).strip("-")[:60] or "outlet"
    home = f"{parts.scheme}://{parts.netloc}/"
    path = archive / "outlets" / f"{id_}.toml"
    text = (
        f"# Declared by `{by} {home}`; edit freely.\n"
        f'id = "{id_}"\nname = "{_bare(host)}"\nhome = "{home}"\n\n'
        '[listings]\nsections = ["/"]  # feeds and sitemaps catch more: add them if you know them\n'
    )
    if path.exists():
        raise ConfigError(f"{path} exists and its home is another; rename it, or give its id")
    path.write_text(text, "utf-8")
    return read_outlet(path), path


def _bare(host: str) -> str:
    return host.removeprefix("www.")
