"""Real pages of real outlets: at least 97 % of what their listings name is stored whole."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("KLIPING_SHARED", "/nonexistent"))
BENCH = Path(__file__).parent.parent / "bench" / "realweb.py"


@pytest.mark.skipif(
    not (SHARED / "realweb").is_dir(),
    reason="real pages are not part of the project: KLIPING_SHARED",
)
def test_real_articles_are_stored_with_title_date_and_body(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("realweb_bench", BENCH)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    sys.modules["realweb_bench"] = bench
    spec.loader.exec_module(bench)

    found, report = bench.measure(SHARED, tmp_path / "archive", tmp_path, delay=0.0)

    assert found.outlets == 93
    assert not report["failed_outlets"]
    assert found.share >= 0.97, found.misses
    assert found.titles["not believed"] / found.listed >= 0.83
    assert found.days["not believed"] / found.listed >= 0.96
