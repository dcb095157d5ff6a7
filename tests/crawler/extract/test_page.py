from collections.abc import Callable
from datetime import datetime

import pytest

from crawler.extract.page import Page


def test_a_page_needs_to_know_when_it_was_captured(page_of: Callable[..., Page]) -> None:
    with pytest.raises(ValueError, match="must be aware"):
        page_of("<p>x", captured_at=datetime(2026, 3, 2))  # noqa: DTZ001


def test_a_page_does_not_print_its_bytes(page_of: Callable[..., Page]) -> None:
    assert "secret" not in repr(page_of("<p>secret"))
