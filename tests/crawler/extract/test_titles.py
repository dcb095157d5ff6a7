import pytest

from archive.records import Origin
from crawler.extract.claims import Claims
from crawler.extract.titles import choose_title, is_site, without_site

SITES = {"thepost", "postexample", "post", "harbourgazette"}


def claims_of(*said: tuple[Origin, str], site: str | None = None) -> Claims:
    claims = Claims()
    for origin, value in said:
        claims.add("title", origin, value)
    claims.add("site_name", "opengraph", site)
    return claims


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Harbour to grow | The Post", "Harbour to grow"),
        ("Harbour to grow - The Post", "Harbour to grow"),
        ("Harbour to grow – News – The Post", "Harbour to grow – News"),
        ("The Post: Harbour to grow", "The Post: Harbour to grow"),
        ("The Post | Harbour to grow", "Harbour to grow"),
        ("Harbour to grow » The Post Online", "Harbour to grow"),
        ("Harbour - gateway - to grow", "Harbour - gateway - to grow"),
        ("Post-war harbour to grow", "Post-war harbour to grow"),
        ("The Post", "The Post"),
        ("Harbour to grow |", "Harbour to grow"),
    ],
)
def test_the_sites_name_is_taken_off(title: str, kept: str) -> None:
    assert without_site(title, SITES) == kept


def test_a_japanese_site_is_parted_by_a_wide_colon() -> None:
    assert without_site("港を拡張：朝日新聞デジタル", {"朝日新聞"}) == "港を拡張"


def test_what_another_headline_confirms_is_the_whole_of_it() -> None:
    assert without_site("Harbour to grow | Coast | Elsewhere", set(), ["Harbour to grow"]) == (
        "Harbour to grow"
    )


@pytest.mark.parametrize(
    ("piece", "sites", "is_one"),
    [
        ("BBC News Online", {"bbcnews"}, True),
        ("Börsen-Zeitung", {"boersenzeitung"}, True),
        ("Harbour to grow by half", {"harbour"}, False),
        ("", set(), True),
    ],
)
def test_a_name_of_the_site_is_known(piece: str, sites: set[str], is_one: bool) -> None:  # noqa: FBT001
    assert is_site(piece, sites) is is_one


def test_the_hosts_name_inside_the_last_piece_marks_the_site() -> None:
    claims = claims_of(("opengraph", "Tireless - Die Neue Südtiroler Tageszeitung"))
    assert choose_title(claims, "https://www.tageszeitung.example/a") == "Tireless"


def test_json_ld_is_believed_before_the_others() -> None:
    claims = claims_of(("h1", "Shown"), ("opengraph", "Shared"), ("json-ld", "Declared"))
    assert choose_title(claims, "https://post.example/a") == "Declared"
    assert claims.values("title")[0] == "Declared"


def test_a_rule_is_believed_before_all() -> None:
    claims = claims_of(("json-ld", "Declared"), ("feed", "Declared"), ("rule", "By rule"))
    assert choose_title(claims, "https://post.example/a") == "By rule"


def test_the_listing_settles_which_headline_it_is() -> None:
    claims = claims_of(("json-ld", "Declared"), ("h1", "Shown"), ("sitemap", "shown"))
    assert choose_title(claims, "https://post.example/a") == "Shown"


def test_a_listing_alone_gives_the_title_of_a_silent_page() -> None:
    assert choose_title(claims_of(("feed", "Listed")), "https://post.example/a") == "Listed"
    assert choose_title(Claims(), "https://post.example/a") is None


def test_an_h1_that_holds_the_logo_is_passed_by() -> None:
    claims = claims_of(
        ("h1", "The Post"), ("title-tag", "Harbour to grow | The Post"), site="The Post"
    )
    assert choose_title(claims, "https://post.example/a") == "Harbour to grow"


def test_of_several_h1_the_title_element_tells_which() -> None:
    claims = claims_of(
        ("h1", "Menu and service"),
        ("h1", "Harbour to grow"),
        ("title-tag", "Harbour to grow - Post"),
    )
    assert choose_title(claims, "https://post.example/a") == "Harbour to grow"


def test_a_headline_that_was_cut_is_completed() -> None:
    claims = claims_of(("json-ld", "Harbour to grow by…"), ("h1", "Harbour to grow by half"))
    assert choose_title(claims, "https://post.example/a") == "Harbour to grow by half"
