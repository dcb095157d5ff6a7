import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.urls import URL_CHARACTERS, canonical, host_of, origin_of, urlkey


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://News.Example.COM", "http://news.example.com/"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:80/a", "https://example.com:80/a"),
        ("http://example.com:/a", "http://example.com/a"),
        ("http://example.com./a", "http://example.com/a"),
        ("http://example.com/a#top", "http://example.com/a"),
        ("http://example.com/?", "http://example.com/"),
        ("http://example.com?x=1", "http://example.com/?x=1"),
        ("http://example.com/a/./b/../c", "http://example.com/a/c"),
        ("http://example.com/a/b/..", "http://example.com/a/"),
        ("http://example.com/../../a", "http://example.com/a"),
        ("http://example.com/%2e%2E/a", "http://example.com/a"),
        ("http://example.com/a//b", "http://example.com/a//b"),
        ("http://example.com/A/b/", "http://example.com/A/b/"),
        ("http://example.com/%7euser/%c3%a9", "http://example.com/~user/%C3%A9"),
        ("http://example.com/é?q=é", "http://example.com/%C3%A9?q=%C3%A9"),
        ("http://example.com/100%", "http://example.com/100%25"),
        ("http://example.com/a%2541", "http://example.com/a%2541"),
        ("http://example.com/a%2Fb", "http://example.com/a%2Fb"),
        ("http://example.com/a;v=1?b=2;c=3", "http://example.com/a;v=1?b=2;c=3"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://XN--BCHER-KVA.example/", "http://xn--bcher-kva.example/"),
        ("http://東京.example/", "http://xn--1lqs71d.example/"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("http://[0:0::1]/x", "http://[::1]/x"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        ("http://localhost/x", "http://localhost/x"),
        ("http://a_b.example/x", "http://a_b.example/x"),
    ],
)
def test_a_url_has_one_spelling(url, expected):
    assert canonical(url) == expected


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?utm_source=x&utm_medium=y", ""),
        ("?UTM_Source=x", ""),
        ("?fbclid=1&gclid=2&dclid=3&msclkid=4&yclid=5&igshid=6", ""),
        ("?mc_cid=1&mc_eid=2&_ga=3&_gl=4", ""),
        ("?CMP=share_btn_tw&ncid=1&cmpid=2&ocid=3", ""),
        ("?wt_mc=a&wt.mc_id=b&wt_zmc=c", ""),
        ("?at_medium=RSS&at_campaign=KARANGA&at_bbc_team=editorial", ""),
        ("?%75tm_source=x", ""),
        ("?b=2&utm_source=x&a=1", "?b=2&a=1"),
        ("?b=&a", "?b=&a"),
        ("?a=1&&b=2&", "?a=1&b=2"),
        ("?id=7&page=2&ref=home", "?id=7&page=2&ref=home"),
        ("?cmpx=1&utm=2&attention=3", "?cmpx=1&utm=2&attention=3"),
        ("?q=utm_source", "?q=utm_source"),
        ("?next=http://x.example/?utm_source=y", "?next=http://x.example/?utm_source=y"),
    ],
)
def test_only_tracking_parameters_are_dropped_and_the_others_keep_their_order(query, kept):
    assert canonical(f"https://example.com/a{query}") == f"https://example.com/a{kept}"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not an absolute"),
        ("/a/b", "not an absolute"),
        ("//example.com/a", "not an absolute"),
        ("example.com/a", "not an absolute"),
        ("ftp://example.com/", "not an absolute"),
        ("javascript:alert(1)", "not an absolute"),
        ("mailto:me@example.com", "not an absolute"),
        ("http:///a", "no host"),
        ("http://:80/a", "no host"),
        ("http://./a", "no host"),
        ("http://me@example.com/", "user name or password"),
        ("http://me:secret@example.com/", "user name or password"),
        ("http://good.example\\@evil.example/", "user name or password"),
        ("http://example.com:99999/", "bad port"),
        ("http://example.com:0/", "bad port"),
        ("http://example.com:http/", "bad port"),
        ("http://example.com/a b", "space or a control"),
        (" http://example.com/", "space or a control"),
        ("http://example.com/\n", "space or a control"),
        ("http://exam\tple.com/", "space or a control"),
        ("http://example.com/\x00", "space or a control"),
        ("http://example.com/\u00a0", "space or a control"),
        ("http://[::1/", "cannot be read"),
        ("http://a..example/", "host that cannot be"),
        ("http://-a.example/", "host that cannot be"),
        ("http://exam%70le.com/", "host that cannot be"),
        ("http://" + "a" * 64 + ".example/", "host that cannot be"),
        ("http://" + "a." * 130 + "example/", "host that cannot be"),
        ("http://[v1.x]/", "cannot be"),
        ("http://example.com/\ud800", "cannot be encoded"),
        ("http://example.com/" + "a" * URL_CHARACTERS, "longer than 2,000"),
        ("http://example.com/" + "é" * 1_000, "longer than 2,000 characters once encoded"),
    ],
)
def test_what_is_no_plain_web_address_is_refused_in_a_sentence(url, reason):
    with pytest.raises(ValueError, match=reason):
        canonical(url)


def test_a_refused_password_is_not_repeated():
    with pytest.raises(ValueError, match="password") as refusal:
        canonical("http://me:hunter2@example.com/")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://news.example.com/a/b", "com,example,news)/a/b"),
        ("http://example.com/", "com,example)/"),
        ("http://example.com:80/", "com,example)/"),
        ("https://example.com:8080/a", "com,example:8080)/a"),
        ("https://www.example.com/a", "com,example)/a"),
        ("https://www2.example.com/a", "com,example)/a"),
        ("https://wwwx.example.com/a", "com,example,wwwx)/a"),
        ("https://www.com/a", "com,www)/a"),
        ("https://example.com/a/", "com,example)/a"),
        ("https://example.com/News/Title", "com,example)/News/Title"),
        ("https://example.com/a?b=2&a=1", "com,example)/a?a=1&b=2"),
        ("https://example.com/?b=2&utm_source=x", "com,example)/?b=2"),
        ("https://example.com/a#part", "com,example)/a"),
        ("https://bücher.example/ü", "example,xn--bcher-kva)/%C3%BC"),
        ("http://127.0.0.1:8000/a", "127.0.0.1:8000)/a"),
        ("http://[::1]/a", "[::1])/a"),
        ("http://localhost/a", "localhost)/a"),
    ],
)
def test_a_urlkey_sorts_by_host_and_is_one_for_all_spellings(url, key):
    assert urlkey(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/story",
        "http://www.example.com/story/",
        "https://example.com/story/amp",
        "https://example.com/story/amp/",
        "https://example.com/story/AMP",
        "https://example.com/story.amp",
        "https://example.com/story?amp",
        "https://example.com/story?amp=1",
        "https://example.com/story?amp=true",
        "https://example.com/story?outputType=amp",
        "https://amp.example.com/story",
        "https://www.amp.example.com/story",
        "https://amp.www.example.com/story/?utm_source=amp",
    ],
)
def test_amp_variants_are_their_article(url):
    assert urlkey(url) == "com,example)/story"


def test_an_amp_page_of_an_html_file_is_that_file():
    assert urlkey("https://example.com/a.amp.html") == urlkey("https://example.com/a.html")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://m.example.com/a", "com,example,m)/a"),
        ("https://mobile.example.com/a", "com,example,mobile)/a"),
        ("https://amp.dev/a", "dev,amp)/a"),
        ("https://example.com/amp", "com,example)/amp"),
        ("https://example.com/amp/a", "com,example)/amp/a"),
        ("https://example.com/a/amplifier", "com,example)/a/amplifier"),
        ("https://example.com/a-amp", "com,example)/a-amp"),
        ("https://example.com/.amp", "com,example)/.amp"),
        ("https://example.com/a?amp=0", "com,example)/a?amp=0"),
        ("https://example.com/a?amplitude=1", "com,example)/a?amplitude=1"),
    ],
)
def test_what_only_looks_like_amp_is_not_folded(url, key):
    assert urlkey(url) == key


def test_host_and_origin_are_canonical():
    url = "HTTPS://Bücher.Example:8443/a?b#c"
    assert host_of(url) == "xn--bcher-kva.example"
    assert origin_of(url) == "https://xn--bcher-kva.example:8443"
    assert origin_of("http://example.com:80") == "http://example.com"


GOLDEN = [
    line.split("\t")
    for line in (Path(__file__).parent / "urls.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("url", "spelled", "key"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_the_golden_table_holds(url, spelled, key):
    if spelled == "!":
        with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the table has the sentence
            urlkey(url)
        assert str(refusal.value).startswith(key)
    else:
        assert (canonical(url), urlkey(url)) == (spelled, key)


def test_the_golden_table_has_each_url_once():
    assert len({url for url, *_ in GOLDEN}) == len(GOLDEN)


pieces = st.text(alphabet=string.printable.strip() + "éß東\u0301%%%..//&&==??", max_size=25)
hosts = st.sampled_from(
    ["example.com", "WWW.Example.com.", "www2.amp.b.example", "bücher.example", "[::1]", "10.0.0.1"]
)
urls = st.builds(
    "{}://{}{}/{}{}".format,
    st.sampled_from(["http", "HTTPS"]),
    hosts,
    st.sampled_from(["", ":80", ":443", ":8080"]),
    pieces,
    st.sampled_from(["", "/amp", "/amp/", ".amp", "?amp=1&b=1&a", "?utm_source=x&b=%zz", "?"]),
)


@given(urls)
def test_a_canonical_url_is_its_own_canonical_url(url):
    assert canonical(canonical(url)) == canonical(url)


@given(urls)
def test_a_canonical_url_has_the_same_urlkey(url):
    assert urlkey(canonical(url)) == urlkey(url)


@given(st.text(max_size=40).map("http://{}".format) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        url = canonical(text)
    except ValueError:
        return
    assert url.isascii()
    assert canonical(url) == url
