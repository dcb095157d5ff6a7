"""A package from a stranger: refused, if it would lead out, burst or deceive."""

import stat
import zipfile
from pathlib import Path

import pytest
from support import foreign as made

from archive.errors import ArchiveError
from archive.wacz.parcel import Parcel
from archive.warc.unpacked import Limits

WARC = made.packed([made.info()])
NAME = "archive/data.warc.gz"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.wacz"


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(ArchiveError) as caught:
        Parcel(path, limits or Limits())
    return str(caught.value)


def test_the_warc_files_are_found_and_nothing_else(path: Path) -> None:
    made.wacz(path, {NAME: WARC, "pages/pages.jsonl": b"", "archive/b.warc": b"", "x.warc.gz": b""})
    with Parcel(path, Limits()) as parcel:
        assert parcel.members == [NAME, "archive/b.warc"]
        assert parcel.broken_promises() == []
        with parcel.open(NAME) as file:
            assert file.read() == WARC


@pytest.mark.parametrize(
    "name",
    ["../evil.warc.gz", "archive/../../evil", "/etc/passwd", "C:/evil", "a\\b", "archive/..\\x"],
)
def test_a_name_that_leads_out_is_refused(path: Path, name: str) -> None:
    made.wacz(path, {NAME: WARC, name: b"x"})
    said = refusal(path)
    assert "leads out" in said
    assert str(path) in said


def test_a_name_with_a_nul_is_refused(path: Path) -> None:
    made.wacz(path, {NAME: WARC, "archive/x@y": b"x"})
    made.rewritten(path, b"archive/x@y", b"archive/x\0y")
    assert "leads out" in refusal(path)


@pytest.mark.parametrize("name", ["archive/more.zip", "more.wacz", "x.tar.gz"])
def test_an_archive_within_is_refused(path: Path, name: str) -> None:
    made.wacz(path, {NAME: WARC, name: b"x"})
    assert "archive within" in refusal(path)


def test_a_link_is_refused(path: Path) -> None:
    made.wacz(path, {NAME: WARC})
    link = zipfile.ZipInfo("archive/link.warc.gz")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(link, "/etc/passwd")
    assert "is a link" in refusal(path)


def test_an_encrypted_member_is_refused(path: Path) -> None:
    made.wacz(path, {NAME: WARC})
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[content.find(b"PK\x01\x02") + 8] |= 1
    assert at > 0
    path.write_bytes(content)
    assert "is encrypted" in refusal(path)


def test_an_unusual_packing_is_refused(path: Path) -> None:
    made.wacz(path, {NAME: WARC})
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("x.xz", b"x", compress_type=zipfile.ZIP_LZMA)
    assert "packed in a way" in refusal(path)


def test_a_member_that_bursts_is_refused_before_it_is_read(path: Path) -> None:
    made.wacz(path, {NAME: WARC})
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("pages/x", bytes(20_000_000), compress_type=zipfile.ZIP_DEFLATED)
    assert "unpacks to 20000000 bytes" in refusal(path, Limits(ratio=100))


def test_members_that_share_their_bytes_are_refused(path: Path) -> None:
    made.wacz(path, {NAME: WARC, "archive/b.warc.gz": WARC})
    content = bytearray(path.read_bytes())
    second = content.find(b"PK\x01\x02", content.find(b"PK\x01\x02") + 1)
    content[second + 42 : second + 46] = (0).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"overlaps with|is no WACZ"):
        Parcel(path, Limits())


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused(path: Path) -> None:
    made.wacz(path, {NAME: WARC})
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(NAME, b"other")
    assert "is there twice" in refusal(path)


def test_what_is_no_zip_is_refused(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 and nothing more")
    assert "is no WACZ" in refusal(path)


def test_a_zip_without_warc_files_is_no_wacz(path: Path) -> None:
    made.wacz(path, {"readme.txt": b"x"})
    assert "there is no archive/*.warc.gz in it" in refusal(path)


@pytest.mark.parametrize("text", [b"[]", b"{}", b"no json", b"[" * 100_000, b'{"resources": 3}'])
def test_a_description_that_cannot_be_read_is_refused(path: Path, text: bytes) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(NAME, WARC)
        file.writestr("datapackage.json", text)
    refusal(path)


def test_a_package_without_a_description_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(NAME, WARC)
    assert "datapackage.json" in refusal(path)


def test_members_that_are_not_as_promised_are_named(path: Path) -> None:
    made.wacz(path, {NAME: WARC}, promised={NAME: b"other"})
    with Parcel(path, Limits()) as parcel:
        assert parcel.broken_promises() == [f"x.wacz: {NAME} has not the sha256 that is promised"]
    made.wacz(path, {NAME: WARC}, promised={"else": b""})
    with Parcel(path, Limits()) as parcel:
        assert "is not described" in parcel.broken_promises()[0]


def test_a_damaged_member_is_named(path: Path) -> None:
    made.wacz(path, {NAME: WARC})
    made.rewritten(path, WARC[20:30], bytes(10))
    with Parcel(path, Limits()) as parcel, pytest.raises(ArchiveError, match="is damaged"):
        parcel.broken_promises()
