"""Chromium is found or asked for, started behind walls, and leaves nothing behind."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir

import pytest
from support.chromium import PROGRAM, alive, needs_chromium, pretender

from crawler.screenshots.chromium import NAMES, VARIABLE, Chromium, ChromiumMissing, find_chromium


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that is all there is on the path."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_it_is_found_under_the_names_it_has(path: Path, name: str) -> None:
    program = pretender(path / name, "")
    assert find_chromium() == program


def test_the_one_that_is_named_goes_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretender(path / "chromium", "")
    mine = pretender(path / "mine", "")
    monkeypatch.setenv(VARIABLE, mine)
    assert find_chromium() == mine


def test_without_one_it_is_said_what_to_do(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ChromiumMissing, match=r"apt-get install chromium.*KLIPING_CHROMIUM"):
        find_chromium()
    pretender(path / "chromium", "")
    monkeypatch.setenv(VARIABLE, "/no/such")
    with pytest.raises(ChromiumMissing, match="names /no/such, which cannot be run"):
        find_chromium()


def test_what_cannot_be_run_is_said_and_leaves_no_profile(path: Path) -> None:
    before = set(Path(gettempdir()).glob("kliping-chromium-*"))
    with pytest.raises(ChromiumMissing, match="cannot be started: No such file"):
        Chromium(str(path / "nothing"))
    assert set(Path(gettempdir()).glob("kliping-chromium-*")) <= before


def until(is_so: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_its_children_end_with_it(tmp_path: Path) -> None:
    program = pretender(
        tmp_path / "chromium",
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', sys.argv[-2]])\n"
        "say(id=0)\n"
        "time.sleep(60)\n",
    )
    one = Chromium(program)
    os.set_blocking(one.reader, True)
    os.read(one.reader, 1)
    until(lambda: len(list(alive(str(one.profile)))) == 2)
    one.close()
    until(lambda: not list(alive(str(one.profile))))
    assert not one.profile.exists()
    one.close()  # again, which does nothing


def test_it_is_told_nothing_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLIPING_DATABASE", "postgresql://me:secret@host/name")
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy:1")
    program = pretender(tmp_path / "chromium", "say(env=dict(os.environ), args=sys.argv[1:])\n")
    one = Chromium(program)
    os.set_blocking(one.reader, True)
    said = os.read(one.reader, 1 << 16).decode()
    one.close()
    assert "secret" not in said
    assert f'"HOME": "{one.profile}"' in said
    assert ('"--no-sandbox"' in said) == (os.geteuid() == 0)
    assert "--proxy-server=socks5://nowhere.invalid:1" in said


@needs_chromium
def test_a_real_one_leaves_nothing_behind() -> None:
    assert PROGRAM
    before = set(Path(gettempdir()).glob("org.chromium.*"))
    one = Chromium(PROGRAM)
    os.set_blocking(one.writer, True)
    os.write(one.writer, b'{"id": 1, "method": "Browser.getVersion"}\0')
    os.set_blocking(one.reader, True)
    assert b'"product":"' in os.read(one.reader, 1 << 16)
    assert list(alive(str(one.profile)))
    one.close()
    until(lambda: not list(alive(str(one.profile))))
    assert not one.profile.exists()
    assert set(Path(gettempdir()).glob("org.chromium.*")) <= before
