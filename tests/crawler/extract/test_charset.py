import pytest

from crawler.extract.charset import text_of

RUSSIAN = "Порт расширят вдвое до конца следующего года, сообщил совет"
ARABIC = "سيتم توسيع الميناء في المدينة الصغيرة حتى نهاية العام المقبل"
JAPANESE = "港は来年末までに拡張されると市議会が発表した。北側に新しい岸壁"
CHINESE = "港口将在明年年底前扩建，市议会宣布。北侧计划新建两个泊位"


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (ARABIC, "cp1256", "windows-1256"),
        (JAPANESE, "cp932", "Shift_JIS"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (CHINESE, "gb18030", "gb2312"),
        ("한국어 기사", "cp949", "euc-kr"),
        ("“Quoted” – déjà vu €", "cp1252", "iso-8859-1"),
        ("İstanbul’da ışık", "cp1254", "iso-8859-9"),
        (RUSSIAN, "utf-8", "utf-8"),
    ],
)
@pytest.mark.parametrize("place", ["header", "meta", "http-equiv"])
def test_a_declared_charset_is_read_as_browsers_read_it(
    text: str, codec: str, label: str, place: str
) -> None:
    meta = {
        "header": "",
        "meta": f'<meta charset="{label}">',
        "http-equiv": f'<meta http-equiv="Content-Type" content="text/html; charset={label}">',
    }[place]
    header = f"text/html; charset={label}" if place == "header" else "text/html"
    assert text in text_of(f"<html>{meta}<p>{text}".encode(codec), header)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_outranks_every_label(codec: str) -> None:
    assert text_of(f"<p>{RUSSIAN}".encode(codec), "text/html; charset=koi8-r") == f"<p>{RUSSIAN}"


def test_bytes_that_are_utf8_beyond_chance_outrank_a_wrong_label() -> None:
    assert RUSSIAN in text_of(f"<p>{RUSSIAN}".encode(), "text/html; charset=iso-8859-1")


def test_two_gbk_words_that_could_be_utf8_are_read_by_their_label() -> None:
    assert "联通" in text_of("<p>联通".encode("gbk"), "text/html; charset=gb2312")


def test_a_label_of_utf8_on_other_bytes_is_not_believed() -> None:
    body = f"<p>{RUSSIAN}".encode("cp1251")
    assert RUSSIAN in text_of(body, "text/html; charset=utf-8", ("ru",))


@pytest.mark.parametrize(
    ("text", "codec", "language"),
    [
        (RUSSIAN, "cp1251", "ru"),
        (ARABIC, "cp1256", "ar-EG"),
        (JAPANESE, "cp932", "ja"),
        (CHINESE, "gb18030", "zh-Hans"),
        ("Žluťoučký kůň", "cp1250", "cs"),
    ],
)
def test_without_a_label_the_outlets_language_tells(text: str, codec: str, language: str) -> None:
    assert text in text_of(f"<p>{text}".encode(codec), None, (language,))


def test_a_torn_end_of_utf8_costs_one_character() -> None:
    body = f"<p>{RUSSIAN}".encode()[:-1]
    assert text_of(body, "text/html; charset=utf-8").startswith(f"<p>{RUSSIAN[:-1]}")


@pytest.mark.parametrize("label", ["", "none", "x-user-defined", "base64", "utf-16", "\x00"])
def test_a_label_that_is_no_charset_of_these_bytes_is_passed_by(label: str) -> None:
    assert "plain words" in text_of(b"<p>plain words \xe9", f"text/html; charset={label}")
