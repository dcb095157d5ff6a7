from archive.records import Claim
from crawler.extract.claims import CLAIMS_LIMIT, Claims


def test_claims_are_kept_in_the_order_heard_and_none_twice() -> None:
    claims = Claims()
    for value in ("one", "two", " one "):
        claims.add("title", "h1", value)
    claims.add("title", "meta", "one")
    assert claims.values("title") == ["one", "two", "one"]
    assert claims.values("title", "meta") == ["one"]


def test_nothing_is_noted_where_nothing_is_said() -> None:
    claims = Claims()
    assert claims.add("title", "h1", "  ") is None
    assert claims.add("title", "h1", None) is None
    assert claims.as_mapping() == {}


def test_the_chosen_claims_come_first() -> None:
    claims = Claims()
    claims.add_all("authors", "meta", ["a", "b", "c"])
    claims.choose("authors", [Claim(origin="meta", value="c")])
    assert claims.values("authors") == ["c", "a", "b"]


def test_a_page_with_a_thousand_claims_keeps_some() -> None:
    claims = Claims()
    claims.add_all("authors", "meta", map(str, range(1000)))
    assert len(claims.of("authors")) == CLAIMS_LIMIT


def test_values_are_cut_to_the_length_of_their_field() -> None:
    claims = Claims()
    claims.add("title", "h1", "x" * 10_000)
    claims.add("language", "html-lang", "x" * 10_000)
    assert len(claims.values("title")[0]) == 500
    assert len(claims.values("language")[0]) == 35
