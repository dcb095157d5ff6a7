"""The engines find the same documents: SQLite, PostgreSQL and a matcher that anyone can read."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import product

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.query.language import NEAR_MAX, NEAR_PATTERNS, parse
from archive.query.match import fts5, needles, tsquery
from archive.query.nodes import And, Near, Node, Not, Or, Phrase, Prefix, Title, Word
from archive.words import FTS5_TOKENIZE, TITLE_GAP, Needle, tokens, tsvector_literal

Document = tuple[list[str], list[str]]
LETTERS = ["a", "b", "c", "ab", "abc", "京"]


def places(term: Node, words: Sequence[str]) -> Iterator[int]:
    """Where a term begins in a text."""
    wanted, is_prefix = {
        Word: lambda: ((term.text,), False),
        Prefix: lambda: ((term.text,), True),
        Phrase: lambda: (term.words, term.is_prefix),
    }[type(term)]()
    for at in range(len(words) - len(wanted) + 1):
        found = list(words[at : at + len(wanted)])
        if is_prefix and found[-1].startswith(wanted[-1]):
            found[-1] = wanted[-1]
        if found == list(wanted):
            yield at


def is_near(node: Near, words: Sequence[str]) -> bool:
    lengths = [len(term.words) if isinstance(term, Phrase) else 1 for term in node.terms]
    return any(
        all(
            max(begins) - (begin + length) <= node.distance
            for begin, length in zip(begins, lengths, strict=True)
        )
        for begins in product(*(list(places(term, words)) for term in node.terms))
    )


def holds(node: Node, document: Document) -> bool:
    match node:
        case And(parts):
            return all(holds(part, document) for part in parts)
        case Or(parts):
            return any(holds(part, document) for part in parts)
        case Not(part):
            return not holds(part, document)
        case Title(part):
            return holds(part, (document[0], []))
        case Near():
            return any(is_near(node, words) for words in document)
        case _:
            return any(list(places(node, words)) for words in document)


def asked_of_sqlite(node: Node, documents: Sequence[Document]) -> list[int]:
    with sqlite3.connect(":memory:") as connection:
        connection.execute(
            f"CREATE VIRTUAL TABLE text USING fts5(title, body, tokenize='{FTS5_TOKENIZE}')"
        )
        connection.executemany(
            "INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)",
            [(i, " ".join(title), " ".join(body)) for i, (title, body) in enumerate(documents)],
        )
        rows = connection.execute(
            "SELECT rowid FROM text WHERE text MATCH ? ORDER BY rowid", (fts5(node),)
        ).fetchall()
    connection.close()
    return [row[0] for row in rows]


@pytest.fixture(scope="module")
def postgres(postgres_cluster):
    if postgres_cluster is None:
        pytest.skip("neither KLIPING_TEST_POSTGRES nor an installed PostgreSQL 15")
    url = postgres_cluster.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def asked_of_postgres(connection, node: Node, documents: Sequence[Document]) -> list[int]:
    rows = connection.execute(
        "SELECT place - 1 FROM unnest(%s::text[]) WITH ORDINALITY AS t (literal, place)"
        " WHERE literal::tsvector @@ %s::tsquery ORDER BY place",
        ([tsvector_literal(title, body) for title, body in documents], tsquery(node)),
    )
    return [row[0] for row in rows]


letters = st.sampled_from(LETTERS)
phrases = st.builds(Phrase, st.lists(letters, min_size=2, max_size=3).map(tuple), st.booleans())
terms = letters.map(Word) | letters.map(Prefix) | phrases
nears = st.builds(Near, st.lists(terms, min_size=2, max_size=3).map(tuple), st.integers(0, 3))


def combined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    beside_not = st.tuples(inner, inner.map(Not))
    return several.map(And) | several.map(Or) | beside_not.map(And) | inner.map(Title)


nodes = st.recursive(terms | nears, combined, max_leaves=5)
texts = st.lists(letters, max_size=8)
corpora = st.lists(st.tuples(texts, texts), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None)
@given(node=nodes, documents=corpora)
def test_sqlite_finds_what_the_words_of_the_query_say(node, documents):
    expected = [i for i, document in enumerate(documents) if holds(node, document)]
    assert asked_of_sqlite(node, documents) == expected


@settings(max_examples=300, deadline=None)
@given(node=nodes, documents=corpora)
def test_postgresql_finds_what_the_words_of_the_query_say(postgres, node, documents):
    expected = [i for i, document in enumerate(documents) if holds(node, document)]
    assert asked_of_postgres(postgres, node, documents) == expected


DOCUMENTS = [
    ("Köln's CAFÉ", "it's a e-mail with C++ and 'quotes' \\ back"),
    ("东京都の天気", "今日の東京は晴れ"),
    ("정부는 발표", "한국정부 ภาษาไทย हिन्दी"),
    ("tax reform", "taxes rise; the reform of the tax is near"),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("it's", [0]),
        ("C++", [0]),
        ("cafe", [0]),
        ("koln*", [0]),
        ("e-mail", [0]),
        ("东京", [1]),
        ("title:東京", []),
        ("東京", [1]),
        ("정부", [2]),
        ("title:정부", [2]),
        ("ไทย हिन्दी", [2]),
        ("tax*", [3]),
        ('title:"tax reform"', [3]),
        ('"reform taxes"', []),
        ("reform NEAR/2 tax", [3]),
        ("tax -cafe", [3]),
        ("cafe OR 天気", [0, 1]),
    ],
)
def test_queries_find_the_same_by_sqlite(query, expected):
    documents = [(tokens(title), tokens(body)) for title, body in DOCUMENTS]
    assert asked_of_sqlite(parse(query).text, documents) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_any_word_can_be_asked_of_sqlite(text):
    words = tokens(text)
    for word in words:
        assert asked_of_sqlite(Word(word), [(words, []), ([], words), ([], [])]) == [0, 1]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_any_word_can_be_asked_of_postgresql(postgres, text):
    words = tokens(text)
    for word in words:
        assert asked_of_postgres(postgres, Word(word), [(words, []), ([], words), ([], [])]) == [
            0,
            1,
        ]


def test_the_largest_near_can_be_asked_of_postgresql(postgres):
    words = ["a"] + ["x"] * NEAR_MAX + ["b"]
    near = parse(f"a NEAR/{NEAR_MAX} b").text
    assert asked_of_postgres(postgres, near, [([], words), ([], [*words[:-1], "x", "b"])]) == [0]


def test_no_near_reaches_from_the_title_into_the_body(postgres):
    assert TITLE_GAP > NEAR_MAX + 1
    near = parse(f"a NEAR/{NEAR_MAX} b").text
    assert asked_of_postgres(postgres, near, [(["a"], ["b"])]) == []


def test_a_long_alternative_can_be_asked_of_both(postgres):
    node = parse(" OR ".join(f"w{i}" for i in range(250))).text
    documents = [(["w249"], []), ([], ["w250"])]
    assert asked_of_sqlite(node, documents) == asked_of_postgres(postgres, node, documents) == [0]


def test_the_deepest_query_can_be_asked_of_both(postgres):
    node = parse("a OR (b " * 20 + ")" * 20).text
    documents = [(["a"], []), ([], ["b"])]
    assert (
        asked_of_sqlite(node, documents) == asked_of_postgres(postgres, node, documents) == [0, 1]
    )


@pytest.mark.parametrize(
    ("query", "match", "literal"),
    [
        ("a", '"a"', "'a'"),
        ("tax* -sport", '(("tax" *) NOT ("sport"))', "('tax':* & !'sport')"),
        ('"a b"', '"a b"', "('a' <1> 'b')"),
        ('title:"a b*"', '({title} : "a b" *)', "('a':A <1> 'b':*A)"),
        ("a NEAR/0 b", 'NEAR("a" "b", 0)', "(('b' <1> 'a') | ('a' <1> 'b'))"),
        ("a NEAR/0 a", 'NEAR("a" "a", 0)', "('a' | ('a' <1> 'a'))"),
        ("NEAR/0(a b c)", 'NEAR("a" "b" "c", 0)', "('a' & !'a')"),
        ("a b OR c", '(("a" AND "b") OR "c")', "(('a' & 'b') | 'c')"),
        ("a NOT b NOT c", '(("a") NOT ("b" OR "c"))', "('a' & !'b' & !'c')"),
    ],
)
def test_a_query_is_written_for_both(query, match, literal):
    node = parse(query).text
    assert (fts5(node), tsquery(node)) == (match, literal)


@pytest.mark.parametrize("node", [Not(Word("a")), And((Not(Word("a")), Not(Word("b"))))])
def test_fts5_cannot_say_what_is_not_there(node):
    with pytest.raises(ValueError, match="what is not there"):
        fts5(node)


def test_engine_syntax_in_a_token_is_quoted():
    assert fts5(Word('a"b')) == '"a""b"'
    assert tsquery(Word("a'b\\")) == "'a''b\\\\'"


def test_needles_are_the_terms_that_a_hit_may_hold():
    node = parse('tax* title:(reform OR tax*) NEAR/5(a "b c") -sport').text
    assert needles(node) == (
        Needle(("tax",), is_prefix=True),
        Needle(("reform",)),
        Needle(("a",)),
        Needle(("b", "c")),
    )


def test_a_near_stays_below_its_limit_of_patterns():
    assert tsquery(parse("NEAR/11(a b c)").text).count("|") < NEAR_PATTERNS
