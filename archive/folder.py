"""A directory of pages that are made anew: written in place of what was there, through no link.

An archive may come from a stranger. A link in it, or a name such as `../x`, must not make us write
or remove anything elsewhere.
"""

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from archive.errors import ArchiveError

_NAME = re.compile(r"[\w-][\w.-]*", re.ASCII)


class Folder:
    """A directory, and the directories right below it.

    Args:
        path: where it is; made when something is written.
        within: if the path lies in this directory by its name, it has to lie there in truth.

    Raises:
        ArchiveError: if the directory is a link, or leads out of `within`.
    """

    def __init__(self, path: Path, within: Path | None = None) -> None:
        self.path = path
        _refuse_link(path)
        if within is None:
            return
        named = Path(os.path.abspath(path))  # noqa: PTH100 - links are not to be resolved
        inside = named.is_relative_to(Path(os.path.abspath(within)))  # noqa: PTH100
        if inside and not path.resolve().is_relative_to(within.resolve()):
            raise ArchiveError(f"{path} leads out of the archive by a link: name another directory")

    def write(self, name: str, text: str) -> None:
        """Write a file; what had this name before is replaced, whatever else it was linked to."""
        path = self._at(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with fresh.open("x", encoding="utf-8") as file:
                file.write(text)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    def read(self, name: str) -> str | None:
        """A file's text; None if there is no such file, or it is no text."""
        path = self._at(name)
        try:
            return path.read_text("utf-8") if path.is_file() else None
        except UnicodeDecodeError:
            return None

    def remove(self, name: str) -> None:
        """Remove a file."""
        self._at(name).unlink(missing_ok=True)

    def close(self, name: str) -> None:
        """Remove a directory, if nothing is left in it."""
        path = self._at(name)
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()

    def files(self, name: str) -> Iterator[str]:
        """The names of the files in a directory below; none of what is reached by a link."""
        path = self._at(name)
        if path.is_dir():
            yield from sorted(
                one.name for one in path.iterdir() if one.is_file() and not one.is_symlink()
            )

    def directories(self) -> list[str]:
        """The names of the directories below, links aside, and what we would not call one."""
        if not self.path.is_dir():
            return []
        return sorted(
            one.name
            for one in self.path.iterdir()
            if _NAME.fullmatch(one.name) and one.is_dir() and not one.is_symlink()
        )

    def _at(self, name: str) -> Path:
        path = self.path
        for part in name.split("/"):
            if not _NAME.fullmatch(part):
                raise ArchiveError(f"{name!r} cannot be the name of a page")
            path /= part
            _refuse_link(path)
        return path


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise ArchiveError(f"{path} is a link, and nothing is written through links: remove it")
