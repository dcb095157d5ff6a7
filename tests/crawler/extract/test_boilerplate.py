import pytest

from crawler.extract.boilerplate import is_boilerplate


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga: Pelabuhan akan diperluas",
        "BACA JUGA",
        "Tinggalkan Komentar",
        "Read also: Harbour to grow",
        "Read more",
        "Lire aussi : Le port s'agrandit",
        "À lire aussi",
        "Lesen Sie auch: Der Hafen wächst",
        "Lea también: El puerto",
        "Leia também",
        "Leggi anche: Il porto",
        "Lees ook: De haven",
        "Läs också: Hamnen",
        "Czytaj też: Port",
        "Читайте также: Порт",
        "Ayrıca bakınız",
        "Διαβάστε επίσης: Λιμάνι",
        "関連記事",
        "관련기사",
        "相关阅读",
        "Xem thêm: Cảng",
        "Advertisement",
        "Share",
        "Teilen",
        "Newsletter",
        "▶ Read more:",
        "Sign up for our newsletter",
    ],
)
def test_a_short_line_of_the_site_is_known(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "The council read also the letters of the fishermen.",
        "Shares of the harbour rose by two per cent.",
        "Adverts for the harbour were seen in town.",
        "Komentar itu disampaikan wali kota pada hari Rabu.",
        "Read more" + " and more words about the harbour" * 6,
        "Printing works burnt down",
        "Reklamasi pantai dimulai",
        "",
    ],
)
def test_a_line_of_an_article_is_kept(line: str) -> None:
    assert not is_boilerplate(line)
