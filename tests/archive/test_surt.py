"""A URL's key in an index is the one that cdxj-indexer gives it."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.indexer import indexed, needs_indexer
from support.oddurls import odd_urls
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.surt import surt
from archive.urls import urlkey

ODD = 4_000
SEED = 20260302
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nx"


GOLDEN = r"""
# scheme, host, www
http://example.com                                  com,example)/
https://example.com/                                com,example)/
HTTP://EXAMPLE.COM/X                                com,example)/x
example.com/x                                       com,example)/x
//example.com/x                                     com,example)/x
http:/example.com/x                                 com,example)/x
http:///example.com/x                               com,example)/x
ftp://ftp.example.com/x/                            com,example,ftp)/x
wss://www.example.com/x/                            com,example)/x
http://www.example.com/                             com,example)/
http://WWW2.example.com/                            com,example)/
http://www.www.example.com/                         com,example,www)/
http://wwww.example.com/                            com,example,wwww)/
http://www-1.example.com/                           com,example,www-1)/
http://www.com/                                     com)/
http://www/                                         www)/
http://amp.example.com/                             com,example,amp)/
http://m.example.com/                               com,example,m)/
http://example.com./x                               com,example)/x
http://.example..com../x                            com,example)/x
http://a_b.-c.example/x                             example,-c,a_b)/x
http://bücher.example/x                             example,xn--bcher-kva)/x
http://BÜCHER.example/x                             example,xn--bcher-kva)/x
http://XN--BCHER-KVA.example/x                      example,xn--bcher-kva)/x
http://ß.example/                                   example,ss)/
http://東京.example/x                                 example,xn--1lqs71d)/x
http://b%C3%BCcher.example/x                        example,xn--bcher-kva)/x
http://a..é.example/x                               example,%c3%a9,a)/x
http://a%20b.example/                               example,a%20b)/
# userinfo and ports
http://me:secret@example.com/x                      com,example)/x
http://me@example.com:8080/x                        com,example:8080)/x
http://a@b@example.com/x                            com,example)/x
http://example.com:80/x                             com,example)/x
https://example.com:443/x                           com,example)/x
http://example.com:443/x                            com,example:443)/x
https://example.com:80/x                            com,example:80)/x
ftp://example.com:21/x                              com,example:21)/x
http://example.com:8080/x                           com,example:8080)/x
http://example.com:08080/x                          com,example:8080)/x
http://example.com:/x                               com,example)/x
http://example.com:0/x                              com,example)/x
http://example.com:65536/x                          http://example.com:65536/x
http://example.com:Abc/X                            http://example.com:Abc/X
# addresses
http://127.0.0.1/                                   1,0,0,127)/
http://127.0.0.1:8000/x                             1,0,0,127:8000)/x
http://192.168.1/x                                  1,0,168,192)/x
http://010.0.0.1/x                                  1,0,0,8)/x
http://2130706433/x                                 1,0,0,127)/x
http://256.1.1.1/x                                  1,1,1,256)/x
http://0x7f.0.0.1/x                                 1,0,0,0x7f)/x
http://www.127.0.0.1/x                              1,0,0,127)/x
http://[::1]/x                                      ::1)/x
http://[2001:DB8::1]:8080/x                         2001:db8::1:8080)/x
https://[::1]:443/x                                 ::1)/x
http://localhost/x                                  localhost)/x
# path
http://example.com/News/                            com,example)/news
http://example.com/a//b///c                         com,example)/a/b/c
http://example.com//                                com,example)/
http://example.com/a/./b/../c                       com,example)/a/c
http://example.com/../../a                          com,example)/a
http://example.com/a/../../b                        com,example)/../b
http://example.com/a//../b                          com,example)/a/b
http://example.com/%2e%2E/a                         com,example)/../a
http://example.com/a/..                             com,example)/
http://example.com/a/.../b                          com,example)/a/.../b
http://example.com/index.html                       com,example)/index.html
http://example.com/A%7Eb/%c3%a9                     com,example)/a~b/%c3%a9
http://example.com/é/É                              com,example)/%c3%a9/%c3%89
http://example.com/a%2Fb                            com,example)/a/b
http://example.com/a%20b+c                          com,example)/a%20b+c
http://example.com/100%                             com,example)/100%25
http://example.com/%zz                              com,example)/%25zz
http://example.com/a%2541                           com,example)/aa
http://example.com/a%252541                         com,example)/aa
http://example.com/a%3Fb?c                          com,example)/a?b?c
http://example.com/a%23b#c                          com,example)/a%23b
http://example.com/a%00b%0A                         com,example)/a%00b%0a
http://example.com/%E9/%FF                          com,example)/%e9/%ff
http://example.com/a|b^c`d{e}f"g<h>i'j\k            com,example)/a|b^c`d{e}f"g<h>i'j\k
http://example.com/a~b!c$d&e'f(g)h*i+j,k;l=m:n@o    com,example)/a~b!c$d&e'f(g)h*i+j,k;l=m:n@o
# query
http://example.com?x=1                              com,example)/?x=1
http://example.com/a?                               com,example)/a
http://example.com/a/?x=1                           com,example)/a?x=1
http://example.com/?b=2&a=1                         com,example)/?a=1&b=2
http://example.com/?a=2&a=10&a=1                    com,example)/?a=1&a=10&a=2
http://example.com/?a-b=1&a=1&a                     com,example)/?a&a=1&a-b=1
http://example.com/?B=X&a=Y                         com,example)/?a=y&b=x
http://example.com/?a=&a&a==                        com,example)/?a&a=&a==
http://example.com/?b=2&&a=1&                       com,example)/?&&a=1&b=2
http://example.com/?&                               com,example)/?&
http://example.com/a?x=1?y=2/                       com,example)/a?x=1?y=2/
http://example.com/?x=http://www.Foo.com//a/../b    com,example)/?x=http://www.foo.com//a/../b
http://example.com/?a=%C3%89&a=z&a=%20&a=!          com,example)/?a=!&a=%20&a=%c3%89&a=z
http://example.com/?x=%26y&b=1                      com,example)/?b=1&x=&y
http://example.com/?utm_source=x&fbclid=y           com,example)/?fbclid=y&utm_source=x
# fragment
http://example.com/a#top                            com,example)/a
http://example.com/#!/a?b                           com,example)/
http://example.com/a?b#c?d                          com,example)/a?b
# session ids
http://example.com/?jsessionid={32}                 com,example)/
http://example.com/?y=1&PHPSESSID={32}&x=1          com,example)/?x=1&y=1
http://example.com/?y=1&sid={32}                    com,example)/?&y=1
http://example.com/?sid=0123                        com,example)/?sid=0123
http://example.com/?mysid={32}&x=1                  com,example)/?myx=1
http://example.com/?sid={32}&sid={32}               com,example)/?&sid={32l}
http://example.com/?ASPSESSIONIDABCDEFGH={24u}&x=1  com,example)/?x=1
http://example.com/?cfid=1234&cftoken=5678&x=1      com,example)/?x=1
http://example.com/?CFTOKEN=5678&cfid=1234          com,example)/?cfid=1234&cftoken=5678
http://example.com/(S({24}))/Page.aspx?a=1          com,example)/page.aspx?a=1
http://example.com/a/({24u})/b/page.ASPX            com,example)/a/b/page.aspx
http://example.com/(S({24}))/page.html              com,example)/(s({24}))/page.html
http://example.com/a;jsessionid={32}                com,example)/a;jsessionid={32l}
# other schemes
urn:kliping:outlet:Gazette:sha256:AB                urn:kliping:outlet:gazette:sha256:ab
urn:A%41%20é/?b=2&a=1#c                             urn:aa%20%c3%a9?a=1&b=2
urn:a//b/../c/                                      urn:a//b/../c
dns:WWW.Example.com                                 dns:www.example.com
data:text/plain,ABC                                 data:text/plain,abc
mailto:A@B.example?subject=X&body=Y                 mailto:a@b.example?body=y&subject=x
file:///tmp/X                                       file:/tmp/x
filedesc://Foo.arc.gz                               filedesc://Foo.arc.gz
localhost:8080/x                                    localhost:8080/x
"""
"""What cdxj-indexer 1.5 says. `{32}` and its like stand for ids of so many characters."""
IDS = {
    "{32}": "0123456789abcdef0123456789ABCDEF",
    "{32l}": "0123456789abcdef0123456789abcdef",
    "{24}": "abcdefghijklmnopqrstuvwx",
    "{24u}": "ABCDEFGHIJKLMNOPQRSTUVWX",
}
ANY_PAGE = r"https?://[a-z]{1,9}\.example(/[!-~é]{0,9}){0,3}(\?[!-~é]{0,20})?"


def golden():
    table = GOLDEN
    for name, value in IDS.items():
        table = table.replace(name, value)
    return [line.split() for line in table.splitlines() if line and not line.startswith("# ")]


@pytest.mark.parametrize(("url", "key"), golden())
def test_a_url_has_the_key_of_the_program(url, key):
    assert surt(url) == key


@pytest.mark.parametrize(
    ("url", "key", "index_key"),
    [
        ("http://x.example/News?utm_id=1", "example,x)/News", "example,x)/news?utm_id=1"),
        ("https://example.com/a//b/amp", "com,example)/a//b", "com,example)/a/b/amp"),
        ("http://amp.example.com/a", "com,example)/a", "com,example,amp)/a"),
    ],
)  # fmt: skip
def test_it_is_another_key_than_the_one_an_article_is_known_by(url, key, index_key):
    assert (urlkey(url), surt(url)) == (key, index_key)


@given(st.text(max_size=60))
def test_nothing_makes_it_fail(text):
    assert isinstance(surt(text), str)


@given(st.from_regex(ANY_PAGE, fullmatch=True))
def test_a_key_has_one_form_and_can_begin_a_line(url):
    key = surt(url)
    assert key == key.lower()
    assert key.isascii()
    assert " " not in key


@needs_indexer
def test_thousands_of_odd_urls_have_the_keys_of_the_program(tmp_path):
    urls = list(odd_urls(ODD, SEED))
    path = tmp_path / "odd.warc.gz"
    numbers = write(path, urls)
    lines = indexed(path).decode().splitlines()
    said = {}
    for line in lines:
        key, _, facts = line.split(" ", 2)
        said[urls[numbers[int(json.loads(facts)["offset"])]]] = key
    assert len(lines) == ODD
    assert {url: surt(url) for url in said} == said


def write(path, urls):
    """A WARC file with a response for each URL; which one lies at which offset."""
    numbers = {}
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for number, url in enumerate(urls):
            numbers[file.tell()] = number
            named = [
                ("WARC-Type", "response"),
                ("WARC-Record-ID", f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>"),
                ("WARC-Date", "2026-03-02T06:00:00Z"),
                ("WARC-Target-URI", url),
                ("WARC-Payload-Digest", "sha256:0"),
            ]
            head = StatusAndHeaders("", named, protocol="WARC/1.1")
            type_ = "application/http; msgtype=response"
            block = io.BytesIO(RESPONSE)
            size = len(RESPONSE)
            writer.write_record(ArcWarcRecord("warc", "response", head, block, None, type_, size))
    return numbers
