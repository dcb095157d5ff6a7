from dataclasses import FrozenInstanceError

import pytest

from archive.query.nodes import Filter, Query, Word


def test_a_single_field_given_twice_means_either_and_all_else_must_hold():
    tempo, kompas = Filter("outlet", "tempo"), Filter("outlet", "kompas")
    siti, budi = Filter("author", "Siti"), Filter("author", "Budi")
    neither = Filter("lang", "en", is_negated=True), Filter("lang", "nl", is_negated=True)
    query = Query(None, (tempo, siti, kompas, budi, *neither))
    assert query.conditions == ((tempo, kompas), (siti,), (budi,), *((one,) for one in neither))


def test_a_query_without_filters_has_no_conditions():
    assert Query(Word("a"), ()).conditions == ()


def test_filters_are_equal_wherever_they_stand():
    assert Filter("is", "gone", column=1) == Filter("is", "gone", column=9)


def test_nodes_are_frozen_values():
    word = Word("a")
    with pytest.raises(FrozenInstanceError):
        word.text = "b"
    assert len({Word("a"), Word("a")}) == 1
