from archive.records import Origin
from crawler.extract.claims import Claims
from crawler.extract.titles import choose_title


def claims_of(*said: tuple[Origin, str], site: str | None = None) -> Claims:
    claims = Claims()
    for origin, value in said:
        claims.add("title", origin, value)
    claims.add("site_name", "opengraph", site)
    return claims


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


def test_the_lone_h1_outweighs_what_was_written_for_searching() -> None:
    said = ("opengraph", "Harbour news: all you need to know"), ("h1", "Council widens the harbour")
    assert choose_title(claims_of(*said), "https://post.example/a") == "Council widens the harbour"


def test_an_h1_of_another_matter_does_not() -> None:
    said = ("opengraph", "Council widens the harbour"), ("h1", "Subscribe to our morning letter")
    assert choose_title(claims_of(*said), "https://post.example/a") == "Council widens the harbour"


def test_an_h1_with_a_date_before_the_headline_does_not() -> None:
    said = ("opengraph", "Council widens the harbour"), ("h1", "1 March Council widens the harbour")
    assert choose_title(claims_of(*said), "https://post.example/a") == "Council widens the harbour"


def test_a_kicker_that_two_others_leave_out_is_no_part_of_the_headline() -> None:
    said: tuple[tuple[Origin, str], ...] = (
        ("json-ld", "«Crane case»: Owner sentenced"),
        ("opengraph", "Owner sentenced"),
        ("h1", "Owner sentenced"),
    )
    assert choose_title(claims_of(*said), "https://post.example/a") == "Owner sentenced"


def test_the_logo_is_known_by_its_place_in_the_title_element() -> None:
    said: tuple[tuple[Origin, str], ...] = (
        ("microdata", "Coastal Watch"),
        ("microdata", "Council widens the harbour"),
        ("title-tag", "Council widens the harbour – Coastal Watch"),
    )
    assert choose_title(claims_of(*said), "https://cw.example/a") == "Council widens the harbour"


def test_the_title_element_outweighs_headings_of_a_word_that_it_does_not_have() -> None:
    said: tuple[tuple[Origin, str], ...] = (
        ("h1", "Quicklinks"),
        ("title-tag", "Council widens the harbour"),
    )
    assert choose_title(claims_of(*said), "https://post.example/a") == "Council widens the harbour"
    said = (("h1", "Harbour 3"), ("title-tag", "Harbour type 3 in the north of town"))
    assert choose_title(claims_of(*said), "https://post.example/a") == "Harbour 3"


def test_a_page_that_says_nothing_has_no_title() -> None:
    assert choose_title(claims_of(), "https://post.example/a") is None
