import re
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import QuerySyntax
from archive.query import language
from archive.query.language import DEPTH_MAX, QUERY_CHARACTERS, parse
from archive.query.match import fts5, tsquery
from archive.query.nodes import (
    And,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Title,
    Word,
)
from archive.words import FTS5_TOKENIZE

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a b) c", And((A, B, C))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("a --b", And((A, Not(B)))),
        ("-b a", And((Not(B), A))),
        ("a (-b -c)", And((A, Not(B), Not(C)))),
        ("a -(b c)", And((A, Not(And((B, C)))))),
        ("a -(-b)", And((A, B))),
        ('a -"b c"', And((A, Not(Phrase(("b", "c")))))),
        ("(((a)))", A),
        ("tax*", Prefix("tax")),
        ("TAX*.", Prefix("tax")),
        ('"a b"', Phrase(("a", "b"))),
        ('"a"', A),
        ("“a b”", Phrase(("a", "b"))),
        ("«a b»", Phrase(("a", "b"))),
        ("„a b“", Phrase(("a", "b"))),
        ('"a b*"', Phrase(("a", "b"), is_prefix=True)),
        ('"a b"*', Phrase(("a", "b"), is_prefix=True)),
        ('"a AND b"', Phrase(("a", "and", "b"))),
        ('"(a"', A),
        ("a NEAR/5 b", Near((A, B), 5)),
        ("a NEAR b", Near((A, B), 10)),
        ("NEAR(a b)", Near((A, B), 10)),
        ("NEAR/3(a b* c)", Near((A, Prefix("b"), C), 3)),
        ('"a b" NEAR/0 c', Near((Phrase(("a", "b")), C), 0)),
        ("a NEAR/2 (b)", Near((A, B), 2)),
        ("NEAR(a)", A),
        ("NEAR(a &)", A),
        ("title:a", Title(A)),
        ("TITLE:a", Title(A)),
        ('title:"a b"', Title(Phrase(("a", "b")))),
        ("title:(a OR b) c", And((Title(Or((A, B))), C))),
        ("title:NEAR/2(a b)", Title(Near((A, B), 2))),
        ("a -title:b", And((A, Not(Title(B))))),
        ("and or not near", And((Word("and"), Word("or"), Word("not"), Word("near")))),
        ('"AND" ANDROID', And((Word("and"), Word("android")))),
    ],
)
def test_words_and_operators_make_a_tree(query, text):
    assert parse(query) == Query(text, ())


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("it's", Phrase(("it", "s"))),
        ("C++", Word("c")),
        ("a-b", Phrase(("a", "b"))),
        ("a_b", Phrase(("a", "b"))),
        ("12:30", Phrase(("12", "30"))),
        ("https://x.example/", Phrase(("https", "x", "example"))),
        ("AT & T", And((Word("at"), Word("t")))),
        ("a - b", And((A, B))),
        ("a -- b -", And((A, B))),
        ("a * b", And((A, B))),
        ("a, b!", And((A, B))),
        ("京", Word("京")),
        ("东京", Phrase(("东", "京"))),
        ("东京*", Phrase(("东", "京"), is_prefix=True)),
        ("정부", Phrase(("정", "부"))),
        ("Straße É", And((Word("strasse"), Word("e")))),
        ("a\tb\nc", And((A, B, C))),
        ("a\u3000b", And((A, B))),
    ],
)
def test_what_people_paste_is_searched_as_the_index_cuts_it(query, text):
    assert parse(query) == Query(text, ())


@pytest.mark.parametrize(
    ("query", "text", "filters"),
    [
        ("", None, []),
        ("  \n", None, []),
        ("outlet:tempo", None, [Filter("outlet", "tempo")]),
        ("outlet:Tempo lang:ID", None, [Filter("outlet", "tempo"), Filter("lang", "id")]),
        ('author:"Siti Aminah"', None, [Filter("author", "Siti Aminah")]),
        ("a -outlet:x", A, [Filter("outlet", "x", is_negated=True)]),
        ("a NOT outlet:x", A, [Filter("outlet", "x", is_negated=True)]),
        ("a -(-outlet:x)", A, [Filter("outlet", "x")]),
        ("(a outlet:x) AND b", And((A, B)), [Filter("outlet", "x")]),
        ("is:gone a", A, [Filter("is", "gone")]),
        ("outlet:x -a", Not(A), [Filter("outlet", "x")]),
        ("outlet:x -a -b", Not(Or((A, B))), [Filter("outlet", "x")]),
        ("-outlet:x -a", Not(A), [Filter("outlet", "x", is_negated=True)]),
        ('"outlet:x"', Phrase(("outlet", "x")), []),
    ],
)
def test_filters_stand_beside_the_words(query, text, filters):
    assert parse(query) == Query(text, tuple(filters))


@pytest.mark.parametrize(
    ("query", "column", "reason"),
    [
        ("a AND", 6, "ends where"),
        ("a OR ", 6, "ends where"),
        ("((", 3, "ends where"),
        ("a NEAR/5", 9, "ends where"),
        ("NEAR/5(a", 9, "closing parenthesis is missing"),
        ("(a", 3, "closing parenthesis is missing"),
        ("a)", 2, "closes none"),
        ("()", 2, "expected before this"),
        ("(a OR )", 7, "expected before this"),
        ('"x', 1, "no partner"),
        ('a b" c', 4, "no partner"),
        ("AND", 1, "AND cannot stand here"),
        ("a OR AND b", 6, "AND cannot stand here"),
        ("NOT NOT a", 5, "NOT cannot stand here"),
        ("title:-a", 7, "cannot stand here"),
        ("title:outlet:x", 7, "outlet:x cannot stand here"),
        ("a NEAR b NEAR c", 10, "joins two terms"),
        ("NEAR/5 (a b)", 1, "joins two terms"),
        ("*", 1, "no letter or digit"),
        ("—", 1, "no letter or digit"),
        ('""', 1, "no letter or digit"),
        ("a OR !", 6, "no letter or digit"),
        ("a -!", 4, "no letter or digit"),
        ("a NEAR !", 8, "joins words and phrases"),
        ("(a b) NEAR c", 2, "joins words and phrases"),
        ("a NEAR title:b", 8, "joins words and phrases"),
        ("a NEAR/101 b", 3, "100 words at most"),
        ("a NEAR/" + "9" * 900 + " b", 3, "100 words at most"),
        ("NEAR/50(a b c)", 1, "NEAR/11 at most"),
        ("NEAR(a b c d e f g h i j)", 1, "leave some out"),
        ("*tax", 1, "end of a word"),
        ("a t*x", 4, "end of a word"),
        ('"a* b"', 3, "end of a word"),
        ("-a", 1, "only what to leave out"),
        ("NOT a", 1, "only what to leave out"),
        ("a OR -b", 6, "only what to leave out"),
        ("a -(-b -c)", 5, "only what to leave out"),
        ("a OR outlet:x", 6, "cannot stand under"),
        ("a -(b outlet:x)", 7, "cannot stand under"),
        ("title:(a outlet:x)", 10, "cannot stand under"),
        ("a outlet:", 3, "right after the colon"),
        ("title: a", 1, "right after the colon"),
        ('author:"!"', 1, "right after the colon"),
        ("titel:a", 1, "did you mean title"),
        ("source:a", 1, "did you mean outlet"),
        ("is:new", 1, "edited, gone, corrected"),
        ("since:yesterday", 1, "2026-03-04, 2026-03 or 2026"),
        ("a -since:2026", 3, "write until:"),
        ("since:2026 until:2025", 12, "later than"),
        ("a" * (QUERY_CHARACTERS + 1), QUERY_CHARACTERS + 1, "at most 2,000"),
        ("(" * 21 + "a" + ")" * 21, DEPTH_MAX + 1, "At most 20 parentheses"),
    ],
)
def test_what_cannot_be_read_is_explained_at_its_column(query, column, reason):
    with pytest.raises(QuerySyntax, match=reason) as refusal:
        parse(query)
    assert (refusal.value.column, refusal.value.query) == (column, query)


def test_a_refusal_points_with_a_caret_even_into_a_query_of_several_lines():
    with pytest.raises(QuerySyntax) as refusal:
        parse("pajak\nOR AND x")
    assert str(refusal.value).splitlines()[1:] == ["  pajak OR AND x", "           ^"]


def drawn_pairs() -> tuple[list[str], list[str]]:
    table = (language.__doc__ or "").partition("invalid\n")[2]
    rows = [re.split(r"\s{2,}", line.strip()) for line in table.splitlines() if line.strip()]
    return [row[0] for row in rows], [row[1] for row in rows]


def test_the_grammar_drawn_in_the_module_tells_the_truth():
    valid, invalid = drawn_pairs()
    assert len(valid) == len(invalid) == 7
    assert all(parse(query) != Query(None, ()) for query in valid)
    for query in invalid:
        with pytest.raises(QuerySyntax):
            parse(query)


operators = ["-", "NOT ", "AND ", " OR ", "(", ")", '"', "NEAR/2(", " NEAR ", "title:", "*", " "]
others = ["a", "b*", "'", ":", "\\", "{", "^", "+", "“", "”", "\0", "é", "东京", "c++", "outlet:x"]
snippets = st.sampled_from(operators + others)
written = st.lists(snippets, max_size=14).map("".join) | st.text(max_size=30)


def asked(node: Node) -> None:
    """Put a condition to SQLite, which raises if it cannot read it."""
    wanted = node.part if isinstance(node, Not) else node
    connection = sqlite3.connect(":memory:")
    connection.execute(
        f"CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize='{FTS5_TOKENIZE}')"
    )
    connection.execute("SELECT 1 FROM t WHERE t MATCH ?", (fts5(wanted),)).fetchall()
    connection.close()


@settings(max_examples=500, deadline=None)
@given(written)
def test_any_text_is_read_or_explained_and_what_is_read_can_be_asked(query):
    column = 1
    try:
        node = parse(query).text
        if node is not None:
            asked(node)
            assert tsquery(node)
    except QuerySyntax as refusal:
        column = refusal.column
    assert 1 <= column <= len(query) + 1
