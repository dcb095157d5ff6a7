import gzip
from datetime import timedelta

import brotli
import pytest
import zstandard

from crawler.demo.newspaper import OPENS_AT
from crawler.demo.replies import Reply, Request, conditioned, http_date, page, redirect, wire

BOTH = ("etag", "last-modified")


def asked(**headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method="GET", host="x.example", path="/", headers=named)


def sent(reply: Reply, *, has_body: bool = True) -> bytes:
    return b"".join(wire(reply, at=OPENS_AT, has_body=has_body, keeps_alive=True))


@pytest.mark.parametrize(
    ("coding", "decode"),
    [
        ("gzip", gzip.decompress),
        ("br", brotli.decompress),
        ("zstd", zstandard.decompress),
        (None, bytes),
    ],
)
def test_a_coded_body_decodes(coding: str | None, decode) -> None:
    assert decode(Reply(body=b"text" * 99, coding=coding).coded()) == b"text" * 99


def test_an_instant_in_any_zone_is_written_in_gmt() -> None:
    local = OPENS_AT.astimezone(tz=None)
    assert http_date(local) == "Mon, 02 Mar 2026 05:00:00 GMT"


def test_a_client_that_holds_the_page_gets_304() -> None:
    reply = conditioned(page("<p>", changed=OPENS_AT), asked(), BOTH)
    tag = dict(reply.headers)["ETag"]
    again = conditioned(page("<p>", changed=OPENS_AT), asked(if_none_match=f'"x", {tag}'), BOTH)
    assert again.status == 304
    assert dict(again.headers)["ETag"] == tag
    assert b"Content-Length" not in sent(again)


def test_the_tag_decides_before_the_date() -> None:
    held = asked(if_none_match='"old"', if_modified_since=http_date(OPENS_AT))
    assert conditioned(page("<p>", changed=OPENS_AT), held, BOTH).status == 200


@pytest.mark.parametrize(("hours", "status"), [(0, 304), (1, 304), (-1, 200)])
def test_a_date_alone_decides_too(hours: int, status: int) -> None:
    held = asked(if_modified_since=http_date(OPENS_AT + timedelta(hours=hours)))
    assert conditioned(page("<p>", changed=OPENS_AT), held, ("last-modified",)).status == status


def test_a_date_that_is_none_is_ignored() -> None:
    held = asked(if_modified_since="yesterday")
    assert conditioned(page("<p>", changed=OPENS_AT), held, BOTH).status == 200


def test_a_redirect_escapes_its_target_in_the_body() -> None:
    assert b"&lt;b&gt;" in redirect("http://x/<b>").body


def test_a_head_has_the_length_of_the_body_it_leaves_out() -> None:
    head = sent(page("<p>words"), has_body=False)
    assert b"Content-Length: 8\r\n" in head
    assert head.endswith(b"\r\n\r\n")


def test_chunks_add_up_and_the_trailer_follows() -> None:
    head, _, body = sent(Reply(body=b"x" * 2000, has_trailers=True)).partition(b"\r\n\r\n")
    assert b"Trailer: X-Body-SHA256" in head
    assert body.startswith(b"3fd\r\n")
    assert b"\r\n0\r\nX-Body-SHA256: " in body
