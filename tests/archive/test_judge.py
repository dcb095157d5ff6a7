"""The first fault of a file is one sentence: the key, what is wrong, and what was meant."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from archive.judge import explain, secret


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Rule(Strict):
    selector: str
    many: bool = False


class File(Strict):
    name: str
    rules: list[Rule] = []
    maybe: Rule | None = None


@pytest.mark.parametrize(
    ("plain", "sentence"),
    [
        ({}, "`name`: Field required"),
        ({"name": 3}, "`name`: Input should be a valid string (got 3)"),
        ({"name": "x", "rulse": []}, "unknown key `rulse`; did you mean `rules`?"),
        ({"name": "x", "zzz": []}, "unknown key `zzz`"),
        (
            {"name": "x", "rules": [{"selector": "a"}, {"selectr": "a", "selector": "b"}]},
            "unknown key `rules.1.selectr`; did you mean `selector`?",
        ),
        (
            {"name": "x", "maybe": {"selector": "a", "mnay": True}},
            "unknown key `maybe.mnay`; did you mean `many`?",
        ),
        ({"name": "x", "rules": [{}]}, "`rules.0.selector`: Field required"),
    ],
)
def test_a_fault_is_explained(plain, sentence):
    with pytest.raises(ValidationError) as raised:
        File.model_validate(plain)
    assert explain(raised.value, File) == sentence


def test_a_value_that_may_hold_a_password_is_not_shown():
    class Secretive(Strict):
        url: str

        @field_validator("url")
        @classmethod
        def refuse(cls, value: str) -> str:
            raise secret("no {braces} matter") if value else ValueError

    with pytest.raises(ValidationError) as raised:
        Secretive.model_validate({"url": "hunter2"})
    assert explain(raised.value, Secretive) == "`url`: no {braces} matter"
