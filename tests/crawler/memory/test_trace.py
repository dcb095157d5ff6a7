"""The tracks of one page, also of a hostile one."""

from archive.records import Url
from crawler.extract.tree import html_tree
from crawler.memory.trace import HOLDINGS_LIMIT, KINDS_LIMIT, body_lines, holdings_of, suffix_of
from crawler.memory.tracks import tracks_of


def test_lines_have_their_share_of_the_body():
    assert body_lines("Aaaa\n\nbb bb\n\nAaaa") == {"aaaa": 8 / 12, "bbbb": 4 / 12}
    assert body_lines(None) == {}


def test_the_suffix_is_what_the_title_element_adds():
    assert suffix_of("A day | The Post", "A day") == "The Post"
    assert suffix_of("The Post: A day", "A day") is None
    assert suffix_of(None, "A day") is None


def test_a_box_of_links_is_seen_as_one():
    tree = html_tree('<div class="more"><a href="/a">Another story of the day</a></div>')
    assert holdings_of(tree, {})["div.more"].beside == [True]


def test_a_quotation_that_repeats_the_text_is_seen():
    said = "Nobody had expected that the bridge would be closed so soon"
    tree = html_tree(f'<p>{said}, he wrote.</p><blockquote class="big">{said}</blockquote>')
    assert holdings_of(tree, {})["blockquote.big"].beside == [True]


def test_a_script_is_no_text_of_the_page():
    said = "Nobody had expected that the bridge would be closed so soon"
    tree = html_tree(f'<script>{{"articleBody": "{said}"}}</script><p class="one">{said}</p>')
    assert holdings_of(tree, {})["p.one"].beside == [False]


def test_what_is_noted_of_a_page_is_bounded():
    boxes = "".join(
        f'<div class="k{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{chr(97 + i // 676)}">x</div>'
        for i in range(2000)
    )
    found = holdings_of(html_tree(boxes + '<div class="same">y</div>' * 100), {})
    assert len(found) <= KINDS_LIMIT
    assert all(len(one.texts) <= HOLDINGS_LIMIT for one in found.values())


def test_the_tracks_of_a_page_name_headline_container_and_offset(pages):
    tracks = tracks_of(pages[0])
    assert tracks.url == Url("https://post.example/news/0")
    assert tracks.headline == "newsoftheharbour"
    assert "div.story-body" in tracks.containers
    assert (tracks.offset, tracks.month) == (420, 1)
