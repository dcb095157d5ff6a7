import pytest

from archive.records import Origin
from crawler.extract.claims import Claims
from crawler.extract.people import choose_authors, names_a_person


def chosen(*said: tuple[Origin, str]) -> tuple[str, ...]:
    claims = Claims()
    for origin, value in said:
        claims.add("authors", origin, value)
    return choose_authors(claims, {"thepost", "post"})


def test_persons_in_json_ld_come_before_meta_elements_and_bylines() -> None:
    assert chosen(("text", "By X Y"), ("meta", "M N"), ("json-ld", "Ann Lee")) == ("Ann Lee",)


def test_the_outlets_name_is_left_out_where_a_person_is_named() -> None:
    assert chosen(("json-ld", "The Post"), ("text", "By Ann Lee")) == ("Ann Lee",)
    assert chosen(("json-ld", "The Post"), ("json-ld", "Ann Lee")) == ("Ann Lee",)


def test_the_outlets_name_stays_if_it_signs_alone() -> None:
    assert chosen(("json-ld", "The Post"), ("meta", "admin")) == ("The Post",)


def test_an_account_is_no_author_even_alone() -> None:
    assert chosen(("meta", "admin")) == ()
    assert chosen(("json-ld", "Lanternexample Com Developer")) == ()


def test_a_desk_signs_only_where_no_person_does() -> None:
    assert chosen(("json-ld", "Web Desk"), ("text", "By Ann Lee")) == ("Ann Lee",)
    assert chosen(("json-ld", "Redaktion post.example")) == ("Redaktion post.example",)


def test_an_agency_that_no_list_has_signs_as_it_is_written() -> None:
    assert chosen(("text", "Meridian Wire"), ("text", "2 March 2026")) == ("Meridian Wire",)


def test_an_agency_signs_beside_a_person_and_before_the_outlet() -> None:
    assert chosen(("json-ld", "Ann Lee"), ("json-ld", "dpa")) == ("Ann Lee", "dpa")
    assert chosen(("json-ld", "The Post"), ("meta", "AFP")) == ("AFP",)
    assert chosen(("json-ld", "AFP"), ("text", "By Ann Lee")) == ("Ann Lee",)


def test_a_part_of_the_outlet_beside_a_name_is_no_author_in_the_text() -> None:
    assert chosen(("text", "von Max Kern, POST NORTH")) == ("Max Kern",)


def test_an_office_beside_a_name_is_no_author() -> None:
    assert chosen(("text", "Ann Lee"), ("text", "News Reporter"), ("text", "Follow")) == (
        "Ann Lee",
    )


def test_the_same_name_is_given_once() -> None:
    assert chosen(("json-ld", "Ann Lee"), ("json-ld", "ANN LEE")) == ("Ann Lee",)


def test_nobody_is_nobody() -> None:
    assert chosen() == ()


@pytest.mark.parametrize(
    ("origin", "value", "is_so"),
    [
        ("meta", "Ann Lee", True),
        ("json-ld", "The Post", False),
        ("meta", "admin", False),
        ("meta", "AFP", False),
        ("text", "Web Desk", False),
    ],
)
def test_a_person_is_told_from_whoever_else_signs(origin: Origin, value: str, is_so: bool) -> None:  # noqa: FBT001
    claims = Claims()
    claims.add("authors", origin, value)
    assert names_a_person(claims, {"thepost", "post"}) is is_so
