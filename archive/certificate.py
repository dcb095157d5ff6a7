"""A completeness certificate: what an archive holds of an outlet, what not and why, signed.

    exports/rescue-paper-2026-03-31.json
    {
      "certificate": {
        "of": "kliping completeness certificate 1", "outlet": {…}, "rescue": {…},
        "announced": {"articles": …, "by": [{"listing": …, "articles": …}], …},
        "captured": {…}, "missing": [{"url": …, "state": …, "reason": …}], "left_out": {…},
        "unknown": ["…"], "digests": {"files": [{"name": …, "sha256": …}], "root": {…}}, …
      },
      "signedData": {"hash": "sha256:…", "signature": …, "publicKey": …, …}
    }

The hash is over the certificate as JSON with sorted keys and without spaces, in UTF-8. The key is
that of `kliping export --sign`: it proves that nothing was altered since, and not who or when.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from archive.db import files, roots
from archive.digests import sha256
from archive.errors import ArchiveError
from archive.query.rescue import Accounted
from archive.records import Digest, Url
from archive.rescues import Rescue
from archive.store import Archive
from archive.wacz.signature import KEY_NAME, holds, public_key, sign, signing_key

KIND = "kliping completeness certificate 1"
NEVER_NAMED = "What no listing names is not known to exist, and is not counted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A certificate looked at again: what is as it says, and what is not, in sentences."""

    outlet: str
    certified_at: str
    good: tuple[str, ...]
    bad: tuple[str, ...]


def content_of(
    account: Accounted,
    rescue: Rescue,
    now: datetime,
    *,
    surveyed: Mapping[Url, int],
    left_out: Mapping[str, int],
    unknown: Sequence[str],
) -> dict[str, Any]:
    """What is certified, as plain values.

    Args:
        account: what the archive can account for.
        rescue: what it is the end of.
        now: when.
        surveyed: the listings of its past that were read, and how many addresses each named.
        left_out: addresses that listings named and that were no articles, by reason.
        unknown: what could not be known, in sentences.
    """
    closes = rescue.closes_on.isoformat() if rescue.closes_on else None
    root = account.root
    return {
        "of": KIND,
        "certified_at": now.isoformat(),
        "software": f"kliping {version_of('kliping')}",
        "outlet": {"id": account.outlet, "name": account.name, "home": account.home},
        "rescue": {"begun_at": rescue.begun_at.isoformat(), "closes_on": closes},
        "announced": {
            "articles": account.announced,
            "years": account.years,
            "by": [
                {
                    "listing": one.listing,
                    "articles": one.articles,
                    "first_at": one.first_at.isoformat(),
                    "last_at": one.last_at.isoformat(),
                }
                for one in account.listings
            ],
            "surveyed": [
                {"listing": url, "addresses": number} for url, number in sorted(surveyed.items())
            ],
        },
        "captured": {
            "urls": account.captured,
            "states": account.states,
            "articles": account.articles,
            "versions": account.versions,
            "captures": account.captures,
        },
        "missing": [
            {"url": one.url, "state": one.state, "reason": one.reason} for one in account.missing
        ],
        "hidden": account.hidden,
        "left_out": dict(sorted(left_out.items())),
        "unknown": [*unknown, *_unsealed(account), NEVER_NAMED],
        "digests": {
            "records": sum(one.records or 0 for one in account.files),
            "files": [
                {
                    "name": one.name,
                    "sha256": one.sha256,
                    "bytes": one.bytes,
                    "records": one.records,
                    "captures_of_outlet": one.captures,
                }
                for one in account.files
            ],
            "root": {"day": root.day.isoformat(), "root": root.root} if root else None,
        },
    }


def _unsealed(account: Accounted) -> list[str]:
    open_ = [one.name for one in account.files if one.sha256 is None]
    return [f"{name} is still being written; it has no digest yet." for name in open_]


def issue(archive: Archive, content: dict[str, Any]) -> tuple[Path, Digest]:
    """Sign a certificate and write it into `exports/`; its file, and the digest that is signed.

    Raises:
        ArchiveError: if the archive's key is none.
        OSError: if it cannot be written.
    """
    digest = digest_of(content)
    signed = sign(
        signing_key(archive.directory),
        digest,
        created=content["certified_at"],
        software=content["software"],
    )
    name = f"rescue-{content['outlet']['id']}-{content['certified_at'][:10]}"
    directory = archive.directory / "exports"
    directory.mkdir(exist_ok=True)
    text = json.dumps({"certificate": content, "signedData": signed}, ensure_ascii=False, indent=1)
    number = 1
    while True:
        path = directory / (f"{name}.json" if number == 1 else f"{name}-{number}.json")
        try:
            with path.open("x", encoding="utf-8") as file:  # never over an earlier one
                file.write(text + "\n")
        except FileExistsError:
            number += 1
        else:
            return path, digest


def digest_of(content: Mapping[str, Any]) -> Digest:
    """The digest of a certificate, the same however its file is laid out."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode())


def check(path: Path, archive: Archive) -> Checked:
    """Look at a certificate again: its signature, and whether this archive still is as it says.

    Raises:
        ArchiveError: if the file is no certificate.
    """
    content, signed = _read(path)
    findings = [
        (signed.get("hash") == digest_of(content), "the text is the one that was signed"),
        (holds(signed), "the signature is of the key that it names"),
        (_is_ours(archive.directory, signed), "the key is this archive's"),
    ]
    with archive.reading() as connection:
        findings += _compared(connection, content["digests"])
    return Checked(
        outlet=str(content["outlet"]["id"]),
        certified_at=str(content["certified_at"]),
        good=tuple(said for is_so, said in findings if is_so),
        bad=tuple(f"it is not so that {said}" for is_so, said in findings if not is_so),
    )


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        told = json.loads(path.read_text("utf-8"))
        content, signed = told["certificate"], told["signedData"]
        is_one = content["of"] == KIND and isinstance(signed, dict)
        content["outlet"]["id"], content["certified_at"], content["digests"]["files"]
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{path} is no completeness certificate") from error
    if not is_one:
        raise ArchiveError(f"{path} is no completeness certificate that this version knows")
    return content, signed


def _is_ours(directory: Path, signed: Mapping[str, Any]) -> bool:
    if not (directory / KEY_NAME).exists():
        return False
    return signed.get("publicKey") == public_key(signing_key(directory))


def _compared(connection: Connection, digests: Mapping[str, Any]) -> list[tuple[bool, str]]:
    sealed = {row.name: row.sha256 for row in files.sealed_rows(connection)}
    told = Counter(
        sealed.get(one["name"]) == one["sha256"] for one in digests["files"] if one["sha256"]
    )
    total = told.total()
    findings = [(not told[False], f"all {total} WARC files are noted here with the same SHA-256")]
    if root := digests.get("root"):
        known = {(one.day.isoformat(), one.root) for one in roots.every(connection)}
        said = f"the root of {root['day']} stands in the chain of roots"
        findings.append(((root["day"], root["root"]) in known, said))
    return findings
