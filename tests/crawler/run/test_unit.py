"""The unit that is printed has absolute paths, and what would break it is quoted."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.run.unit import unit


def read(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def test_it_restarts_after_a_failure_and_may_write_the_archive_alone(tmp_path: Path) -> None:
    said = unit(tmp_path, user="anna", health="127.0.0.1:8641", on_postgresql=False)
    service = read(said)["Service"]
    assert service["Restart"] == "on-failure"
    assert service["User"] == "anna"
    assert service["ReadWritePaths"] == service["WorkingDirectory"] == str(tmp_path)
    assert service["ProtectSystem"] == "strict"
    assert service["ExecStart"].endswith(f"run --archive {tmp_path} --health 127.0.0.1:8641")
    assert Path(service["ExecStart"].split()[0]).is_absolute()
    assert "postgresql" not in said


def test_names_with_spaces_and_percent_signs_are_quoted(tmp_path: Path) -> None:
    odd = tmp_path / "my 100% archive"
    odd.mkdir()
    said = unit(odd, user="anna", health=None, on_postgresql=True)
    assert f'--archive "{tmp_path}/my 100%% archive"' in said
    assert "After=network-online.target postgresql.service" in said


def test_an_archive_at_home_can_be_seen() -> None:
    said = unit(Path("/home/anna/archive"), user="anna", health=None, on_postgresql=False)
    assert "ProtectHome=no" in said


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    path = tmp_path / "kliping.service"
    path.write_text(unit(tmp_path, user="root", health=None, on_postgresql=False))
    done = subprocess.run(
        ["systemd-analyze", "verify", path], capture_output=True, text=True, check=False
    )
    assert "kliping.service" not in done.stderr
