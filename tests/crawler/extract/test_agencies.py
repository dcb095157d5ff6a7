import pytest

from crawler.extract.agencies import agency_of, is_agencies


@pytest.mark.parametrize(
    ("credit", "agency"),
    [("(dpa)", "dpa"), ("Agencia EFE", "EFE"), ("新华社", "Xinhua"), ("Ann Lee", None), ("", None)],
)
def test_a_whole_credit_names_an_agency(credit: str, agency: str | None) -> None:
    assert agency_of(credit) == agency


@pytest.mark.parametrize(
    ("credit", "is_so"), [("APA/AP", True), ("dpa und AFP", True), ("Ann Lee, dpa", False)]
)
def test_agencies_alone_are_told_from_a_person_beside_one(credit: str, is_so: bool) -> None:  # noqa: FBT001
    assert is_agencies(credit) is is_so
