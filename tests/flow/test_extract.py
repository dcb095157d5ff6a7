"""`kliping extract` as it is typed: a file, a URL, a batch of pages that are not all honest."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from flow.parts import Site

ROOT = Path(__file__).parents[2]
TEXT = "The town will build a second quay, the council said on Monday after a long debate. " * 4
PAGE = (
    '<!doctype html><html lang="en"><head><title>Harbour to grow - The Paper</title>'
    '<meta property="og:title" content="Harbour to grow">'
    '<meta property="article:published_time" content="2026-03-02T10:00:00+01:00"></head>'
    f"<body><article><h1>Harbour to grow</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
)


def kliping(
    *words: str, said: bytes = b"", **environment: str
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "crawler.cli", "extract", *words],
        input=said,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=300,
        check=False,
    )


def found(done: "subprocess.CompletedProcess[bytes]") -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_file_is_read_field_by_field_and_folds(tmp_path: Path) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    done = kliping(f"{tmp_path}/page.html.gz", COLUMNS="80")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].split() == ["title", "opengraph", "Harbour", "to", "grow"]
    assert any(line.split()[:2] == ["date", "opengraph"] for line in lines)
    assert any("Harbour to grow - The Paper" in line for line in lines)


def test_standard_input_is_read_and_control_characters_stay_out() -> None:
    done = kliping("-", said=PAGE.replace("The Paper", "\x1b]0;The Paper\x07").encode())
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    answer = found(kliping("-", "--json", "--url", "https://p.example/x", said=PAGE.encode()))
    assert answer["title"] == "Harbour to grow"
    assert answer["claims"]["title"][0] == {"origin": "opengraph", "value": "Harbour to grow"}


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    done = kliping("-", said=b"%PDF-1.7")
    assert (done.returncode, done.stderr) == (1, b"kliping: -: PDF, not HTML\n")
    assert kliping(str(tmp_path / "nowhere.html")).returncode == 1
    assert kliping().returncode == 2
    assert kliping("-", "--batch", "-").returncode == 2
    assert kliping(str(tmp_path)).returncode == 2


def test_a_url_that_is_not_held_is_asked_for_once_with_manners_and_not_kept(site: Site) -> None:
    url = site.has("/2026/harbour", PAGE)
    before = sorted(path.name for path in site.directory.rglob("*"))
    done = kliping(url, "--json", "-A", str(site.directory))
    assert found(done)["date"] == "2026-03-02T10:00:00+01:00"
    assert b"is not held. Asking site.example once; nothing is kept." in done.stderr
    assert site.asked.count("/2026/harbour") == 1
    assert site.asked[0] == "/robots.txt"
    assert "tests@kliping.example" in site.heard[-1].headers["User-Agent"]
    after = [path.name for path in site.directory.rglob("*")]
    assert {name for name in after if "archive.db" not in name} <= set(before)


def test_a_url_that_robots_txt_refuses_is_not_asked_for(site: Site) -> None:
    site.has("/robots.txt", "User-agent: *\nDisallow: /2026/", media="text/plain")
    url = site.has("/2026/harbour", PAGE)
    done = kliping(url, "-A", str(site.directory))
    assert done.returncode == 5, done.stderr
    assert b"robots.txt" in done.stderr
    assert "/2026/harbour" not in site.asked


def test_without_a_contact_nobody_is_asked(tmp_path: Path) -> None:
    done = kliping("https://paper.example/x", "-A", str(tmp_path))
    assert done.returncode == 2
    assert b"needs a contact" in done.stderr


def test_a_url_that_is_held_is_read_from_its_capture(site: Site) -> None:
    url = site.has("/2026/harbour", PAGE)
    site.declare()
    crawled = subprocess.run(
        [sys.executable, "-m", "crawler.cli", "crawl", "-A", str(site.directory), url],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=300,
        check=False,
    )
    assert crawled.returncode == 0, crawled.stderr
    asked = len(site.asked)
    answer = found(kliping(url, "--json", "-A", str(site.directory)))
    assert answer["title"] == "Harbour to grow"
    assert len(site.asked) == asked


def test_a_batch_with_bad_pages_goes_on_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_text(PAGE)
    (tmp_path / "bad.html").write_bytes(b"%PDF-1.7")
    lines = [
        json.dumps({"id": number, "url": "https://p.example/x", "html_path": f"{tmp_path}/{name}"})
        for number, name in enumerate(["good.html", "bad.html", "none.html", "good.html"])
    ]
    (tmp_path / "in.jsonl").write_text("\n".join([*lines, "no JSON"]))
    done = kliping("--batch", f"{tmp_path}/in.jsonl", "--workers", "2")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert done.stderr == b"3 of 5 pages could not be read.\n"
    assert [one["id"] for one in answers] == [0, 1, 2, 3, None]
    assert ["error" in one for one in answers] == [False, True, True, False, True]
    assert answers[0]["title"] == answers[3]["title"] == "Harbour to grow"
    good = kliping("--batch", "-", said=lines[0].encode())
    assert (good.returncode, good.stderr) == (0, b"")
    assert good.stdout == done.stdout.splitlines(keepends=True)[0]


def test_a_list_of_pages_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for source in (f"{tmp_path}/none.jsonl", str(tmp_path)):
        done = kliping("--batch", source, COLUMNS="400")
        assert (done.returncode, done.stdout) == (2, b"")
        assert source.encode() in done.stderr
        assert b"Traceback" not in done.stderr


def test_a_batch_without_standard_input_says_so() -> None:
    command = f"{sys.executable} -m crawler.cli extract --batch - <&-"
    done = subprocess.run(
        command,
        shell=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Standard input is closed" in done.stderr


def test_an_empty_list_of_pages_is_no_failure_and_says_so() -> None:
    done = kliping("--batch", "-", said=b"\n \n")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"No line names a page" in done.stderr


def test_each_line_that_cannot_be_answered_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_text(PAGE)
    (tmp_path / "torn.html.gz").write_bytes(b"\x1f\x8b\x08 and nothing of gzip")
    lines = [
        "no JSON",
        json.dumps({"html_path": f"{tmp_path}/good.html"}),
        json.dumps({"id": 3, "html_path": f"{tmp_path}/none.html"}),
        json.dumps({"id": 4, "html_path": f"{tmp_path}/torn.html.gz"}),
        json.dumps({"id": 5, "html_path": f"{tmp_path}/good.html"}),
    ]
    done = kliping("--batch", "-", "--workers", "1", said="\n".join(lines).encode())
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [one["id"] for one in answers] == [None, None, 3, 4, 5]
    assert [one.get("line") for one in answers[:2]] == [1, 2]
    assert ["error" in one for one in answers] == [True, True, True, True, False]


def test_a_reader_that_has_enough_ends_a_batch_quietly(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_text(PAGE)
    line = json.dumps({"id": "a", "url": "", "html_path": f"{tmp_path}/good.html"})
    (tmp_path / "in.jsonl").write_text("\n".join([line] * 50))
    command = f"{sys.executable} -m crawler.cli extract --batch {tmp_path}/in.jsonl | head -1"
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=300,
        check=False,
    )
    assert len(done.stdout.splitlines()) == 1
    assert b"Traceback" not in done.stderr
