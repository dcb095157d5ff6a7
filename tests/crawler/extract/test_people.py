import pytest

from archive.records import Origin
from crawler.extract.claims import Claims
from crawler.extract.people import choose_authors, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ann Lee", ["Ann Lee"]),
        ("Oleh: Siti Aminah", ["Siti Aminah"]),
        ("Von Max Müller und Eva Kern", ["Max Müller", "Eva Kern"]),
        ("par Luc Petit", ["Luc Petit"]),
        ("Ann Lee, Bo Chan and Di Ray", ["Ann Lee", "Bo Chan", "Di Ray"]),
        ("Ann Lee; Bo Chan", ["Ann Lee", "Bo Chan"]),
        ("Lee, Ann", ["Lee, Ann"]),
        ("Max Müller und Eva Kern, dpa", ["Max Müller", "Eva Kern", "dpa"]),
        ("Ann Lee, professor of law at the University of Somewhere", ["Ann Lee"]),
        ("Ann Lee (Reuters)", ["Ann Lee"]),
        ("Ann Lee ann@post.example @annlee", ["Ann Lee"]),
        ("https://facebook.com/post", []),
        ("/profile/ann-lee", []),
        ("文：山田太郎", ["山田太郎"]),
        ("山田太郎、鈴木花子", ["山田太郎", "鈴木花子"]),
        ("김철수 기자", ["김철수"]),
        ("By", []),
        ("12345", []),
        ("the harbour will be widened until the end of the year", []),
        ("", []),
    ],
)
def test_a_byline_is_parted_into_names(text: str, names: list[str]) -> None:
    assert names_in(text) == names


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


def test_the_same_name_is_given_once() -> None:
    assert chosen(("json-ld", "Ann Lee"), ("json-ld", "ANN LEE")) == ("Ann Lee",)


def test_nobody_is_nobody() -> None:
    assert chosen() == ()
