import pytest

from crawler.demo.content import Change, load
from crawler.demo.edits import EDITS, Story
from crawler.demo.newspaper import OPENS_AT

ARTICLE = load()[0].articles[0]
STORY = Story(
    article=ARTICLE,
    title=ARTICLE.title,
    paragraphs=ARTICLE.paragraphs,
    modified=ARTICLE.published,
    changed=ARTICLE.published,
)


def edited(kind: str, **fields: str) -> Story:
    return EDITS[kind](STORY, Change(kind=kind, at=OPENS_AT, **fields))


def test_every_edit_is_used_and_described() -> None:
    used = {change.kind for o in load() for a in o.articles for change in a.changes}
    assert used == set(EDITS)
    assert all(edit.__doc__ for edit in EDITS.values())


def test_an_edited_headline_is_admitted() -> None:
    story = edited("edited-headline", title="Another")
    assert (story.title, story.modified) == ("Another", OPENS_AT)


def test_a_silent_edit_keeps_the_date() -> None:
    story = edited("silent-edit", old="fourteen months", new="a year")
    assert "a year" in story.paragraphs[0]
    assert story.modified == ARTICLE.published


def test_a_correction_ends_with_its_notice() -> None:
    story = edited("correction", old="fourteen", new="fifteen", note="Correction: fifteen.")
    assert story.shown[-1] == "Correction: fifteen."
    assert story.modified == OPENS_AT


def test_a_paywall_leaves_the_first_paragraph() -> None:
    assert edited("paywall").shown == ARTICLE.paragraphs[:1]


@pytest.mark.parametrize(
    ("kind", "status"), [("deleted-404", 404), ("deleted-410", 410), ("deleted-redirect", 301)]
)
def test_a_deletion_says_how(kind: str, status: int) -> None:
    assert edited(kind).gone == status


def test_words_that_do_not_stand_there_cannot_be_edited() -> None:
    with pytest.raises(ValueError, match="exactly once"):
        edited("silent-edit", old="zebra", new="horse")
