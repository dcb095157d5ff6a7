"""Over TLS: what is trusted is recorded with its facts, what is not is never asked."""

import hashlib
import ssl
from typing import Any

import pytest
from authority import Certified
from hostile import Origin

URL = "https://tls.example/plain"


@pytest.mark.usefixtures("trusted")
def test_a_trusted_exchange_is_kept_above_the_cipher(
    tls_origin: Origin, tls_recorder: Any, certified: Certified
) -> None:
    (told,) = tls_recorder.ask(URL)
    kept, talk = tls_recorder.of(URL), tls_origin.last("/plain")
    assert told.error is None
    assert kept["request"].block == talk.read
    assert kept["response"].block == bytes(talk.wrote)
    assert kept["response"].all("WARC-Protocol") == ["http/1.1", "tls/1.3"]
    assert kept["response"].get("WARC-Cipher-Suite").startswith("TLS_")
    assert kept["response"].get("WARC-IP-Address") == "127.0.0.1"
    digest = "sha256:" + hashlib.sha256(certified.der).hexdigest()
    assert kept["metadata"].fields["tlsPeerCertSha256"] == digest


@pytest.mark.usefixtures("trusted")
def test_tls_1_2_is_named_as_such(
    tls_origin: Origin, tls_recorder: Any, certified: Certified
) -> None:
    certified.context.maximum_version = ssl.TLSVersion.TLSv1_2
    tls_recorder.ask(URL)
    kept = tls_recorder.of(URL)["response"]
    assert kept.all("WARC-Protocol") == ["http/1.1", "tls/1.2"]
    assert "ECDHE" in kept.get("WARC-Cipher-Suite")


def test_an_unknown_authority_is_refused_before_anything_is_sent(
    tls_origin: Origin, tls_recorder: Any
) -> None:
    _is_refused(tls_origin, tls_recorder, URL, "certificate verify failed")


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_name_is_refused(tls_origin: Origin, tls_recorder: Any) -> None:
    _is_refused(tls_origin, tls_recorder, "https://other.example/plain", "")


def _is_refused(origin: Origin, recorder: Any, url: str, reason: str) -> None:
    (told,) = recorder.ask(url)
    assert origin.talks == []
    assert told.response is None
    assert reason in str(told.error)
    assert recorder.records() == []
    with recorder.archive.reading() as connection:
        rows = connection.exec_driver_sql("SELECT status, file, error FROM capture").all()
    assert [(status, file) for status, file, _ in rows] == [(None, None)]
    assert reason in rows[0][2]
