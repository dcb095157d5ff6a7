"""One thing is one thing."""

import pytest

from archive.counting import many


@pytest.mark.parametrize(
    ("number", "noun", "plural", "said"),
    [
        (1, "file", None, "1 file"),
        (0, "file", None, "0 files"),
        (2, "WARC file", None, "2 WARC files"),
        (2, "day", None, "2 days"),
        (3, "entry", None, "3 entries"),
        (1, "outlet is", "outlets are", "1 outlet is"),
        (5, "outlet is", "outlets are", "5 outlets are"),
    ],
)
def test_a_number_of_things_is_said_as_a_person_says_it(number, noun, plural, said):
    assert many(number, noun, plural) == said
