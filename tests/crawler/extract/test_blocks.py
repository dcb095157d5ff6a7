from lxml.etree import fromstring
from lxml.html import fragment_fromstring

from crawler.extract.blocks import Block, blocks_of, paragraphs_of, text_of

HEADING = Block("heading", "Dermaga baru", 2)


def test_the_extractor_s_tree_becomes_blocks_in_order() -> None:
    body = fromstring(
        '<body><head rend="h2">Dermaga baru</head><p>Satu <hi rend="#b">dua</hi> tiga.<lb/>Empat.'
        '</p><list rend="ul"><item>Ikan</item><item>Garam<list><item>laut</item></list></item>'
        "</list><quote><p>Kami senang.</p></quote><table><row><cell>Kapal</cell><cell>12</cell>"
        "</row><row><cell/></row></table></body>"
    )
    assert blocks_of(body) == [
        HEADING,
        Block("paragraph", "Satu dua tiga."),
        Block("paragraph", "Empat."),
        Block("item", "Ikan", 1),
        Block("item", "Garam", 1),
        Block("item", "laut", 2),
        Block("quote", "Kami senang."),
        Block("row", "Kapal | 12"),
    ]


def test_plain_html_becomes_the_same_blocks() -> None:
    element = fragment_fromstring(
        "<div>a <b>b</b> c<p>d</p>e<br>f<h3>g</h3><ol><li>h</ol><blockquote>i</blockquote></div>"
    )
    assert [(block.kind, block.text, block.level) for block in blocks_of(element)] == [
        ("paragraph", "a b c", 0),
        ("paragraph", "d", 0),
        ("paragraph", "e", 0),
        ("paragraph", "f", 0),
        ("heading", "g", 3),
        ("item", "h", 1),
        ("quote", "i", 0),
    ]


def test_comments_are_no_text_and_their_tails_are() -> None:
    assert blocks_of(fromstring("<body><p>港<!-- x -->を拡張</p></body>")) == [
        Block("paragraph", "港を拡張")
    ]


def test_a_heading_of_no_known_rank_has_the_second() -> None:
    assert blocks_of(fromstring("<body><head>Hafen</head></body>")) == [
        Block("heading", "Hafen", 2)
    ]


def test_text_is_parted_by_empty_lines_and_cut_at_its_limit() -> None:
    blocks = paragraphs_of(["eins", "  ", "zwei\x00  drei"])
    assert text_of(blocks, 100) == "eins\n\nzwei drei"
    assert text_of(blocks, 8) == "eins\n\nzw"
    assert text_of([], 100) is None
