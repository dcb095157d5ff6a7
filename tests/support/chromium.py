"""The system's Chromium, where it is installed; and programs that pretend to be one."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.screenshots.chromium import NAMES, VARIABLE

_NAMED = filter(None, (os.environ.get(VARIABLE), *NAMES))
PROGRAM = next(filter(None, map(shutil.which, _NAMED)), None)

needs_chromium = pytest.mark.skipif(
    PROGRAM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"
)


def pretender(path: Path, body: str) -> str:
    """An executable that does as `body`, Python, says; `said` hears a call, `say` answers."""
    path.write_text(
        f"#!{sys.executable}\n"
        "import json, os, subprocess, sys, time\n"
        "def said():\n"
        "    got = b''\n"
        "    while not got.endswith(b'\\0'):\n"
        "        one = os.read(3, 1)\n"
        "        if not one:\n"
        "            sys.exit()\n"
        "        got += one\n"
        "    return json.loads(got[:-1])\n"
        "def say(**what):\n"
        "    os.write(4, json.dumps(what).encode() + b'\\0')\n" + body,
        "utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def alive(word: str) -> Iterator[str]:
    """Processes whose command line has this word."""
    for one in Path("/proc").iterdir():
        if one.name.isdigit() and one.name != str(os.getpid()):
            try:
                line = (
                    (one / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                )
            except OSError:
                continue
            if word in line:
                yield f"{one.name} {line}"
