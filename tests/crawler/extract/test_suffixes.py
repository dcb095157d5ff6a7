import time

import pytest

from crawler.extract.suffixes import host_names, is_site, without_site

SITES = {"thepost", "postexample", "post", "harbourgazette"}


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Harbour to grow | The Post", "Harbour to grow"),
        ("Harbour to grow - The Post", "Harbour to grow"),
        ("Harbour to grow – News – The Post", "Harbour to grow"),
        ("Harbour to grow – Coast – The Post", "Harbour to grow – Coast"),
        ("News – The Post", "News"),
        ("Harbour to grow (The Post)", "Harbour to grow"),
        ("Harbour to grow_The Post", "Harbour to grow"),
        ("Harbour to grow (the harbour post)", "Harbour to grow (the harbour post)"),
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


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("항구를 넓힌다-한국신문", "항구를 넓힌다"),
        ("항구를 넓힌다-정치ㅣ한국신문", "항구를 넓힌다"),
        ("港口将扩建_例报网", "港口将扩建"),
        ("港口将扩建-国内-例报网", "港口将扩建"),
        ("港を拡張｜例新聞", "港を拡張"),
    ],
)
def test_a_name_is_parted_without_spaces_where_words_are(title: str, kept: str) -> None:
    sites = {"한국신문", "例报网", "例新聞"}
    assert without_site(title, sites, ["항구를 넓힌다", "港口将扩建"]) == kept


def test_the_parts_of_a_host_may_be_the_sites_name() -> None:
    assert host_names("https://www.post.example/a") == {"postexample", "post"}


def test_a_title_of_separators_alone_takes_no_time() -> None:
    began = time.process_time()
    without_site("a | - " * 80, SITES, ["b"])
    without_site("(_[" * 160, SITES)
    assert time.process_time() - began < 0.5
