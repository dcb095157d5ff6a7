"""cdxj-indexer as a program, where it is installed: what it says of a WARC file, to compare with.

It stands in a virtual environment of its own, for it brings a library under the AGPL that we must
not import: `python3 -m venv DIR/venv && DIR/venv/bin/pip install cdxj-indexer`, and ACC_HOME=DIR.
"""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

HOME = Path(os.environ.get("ACC_HOME", f"{tempfile.gettempdir()}/warc-acceptance"))
PROGRAM = HOME / "venv/bin/cdxj-indexer"

needs_indexer = pytest.mark.skipif(
    not PROGRAM.exists(), reason=f"cdxj-indexer is not installed as {PROGRAM}; set ACC_HOME"
)


def indexed(*arguments: str | Path) -> bytes:
    """What it prints."""
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=True).stdout
