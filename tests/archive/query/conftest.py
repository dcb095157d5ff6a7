"""Starts the PostgreSQL server that tests of this directory find by KLIPING_TEST_POSTGRES."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _server(postgres_cluster: str | None) -> None:
    return
