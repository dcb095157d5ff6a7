import pytest

from crawler.extract.srcset import chosen


@pytest.mark.parametrize(
    ("srcset", "url"),
    [
        ("a 320w, b 1600w, c 1601w", "b"),
        ("a 2000w, b 3000w", "a"),
        ("a, b 2x, c 3x", "b"),
        ("a 3x, b 4x", "a"),
        ("a 1.5x,b .5x", "a"),
        ("a", "a"),
        ("a.jpg 1x,b.jpg 2x", "b.jpg"),
        ("/w_640,h_480/a.jpg 640w, /w_1280,h_960/a.jpg 1280w", "/w_1280,h_960/a.jpg"),
        ("a?x=1,2, b 2x", "b"),
        ("data:image/gif;base64,AA 1x, b 2x", "b"),
        ("a 640w 480h, b 320w", "a"),
        ("a x(1,2) 100w, b 50w", "a"),
        ("\n\t a \n 640w \n,\n b 320w\n", "a"),
        ("a 100w, a 2x, b 1x", "a"),
        ("a wide, b big", None),
        ("a -100w, b 0w", "b"),
        ("a x, b .x", None),
        ("a nanx, b infx, c 1e3x", None),
        (",,, ,", None),
        ("", None),
        ("a 99999999999999999999w, b 1w", "b"),
    ],
)
def test_the_largest_candidate_that_is_not_too_large_is_chosen(
    srcset: str, url: str | None
) -> None:
    assert chosen(srcset) == url
