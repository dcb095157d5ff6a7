import pytest
from support.outletpages import page

from crawler.extract.page import Page


@pytest.fixture
def pages() -> list[Page]:
    return [page(number) for number in range(8)]
