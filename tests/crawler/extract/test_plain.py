import pytest

from crawler.extract.plain import folded, plain, without_controls


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  two \n words ", "two words"),
        ("Tom &amp;amp; Ann", "Tom &amp; Ann"),
        ("a &quot;b&quot;", 'a "b"'),
        ("<b>bold</b> 3 < 4", "bold 3 < 4"),
        ("so\u00adft\u200b \ufeffhyphen\x00", "soft hyphen"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ud800x", "x"),
        ("   ", None),
        ("", None),
        (None, None),
        (7, None),
        ({}, None),
    ],
)
def test_a_value_is_made_one_plain_line(value: object, text: str | None) -> None:
    assert plain(value, 100) == text


def test_a_value_is_cut_to_its_length() -> None:
    assert plain("word " * 1_000_000, 12) == "word word wo"


def test_controls_are_taken_out_but_not_line_breaks() -> None:
    assert without_controls("a\x07b\nc\td") == "ab\nc\td"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour — to GROW!", "harbour to grow"),
        ("Ｔｏｋｙｏ １", "tokyo 1"),
        ("朝日新聞", "朝日 新聞"),
        (None, ""),
    ],
)
def test_texts_agree_whatever_their_case_width_and_marks(one: str | None, other: str) -> None:
    assert folded(one) == folded(other)
