"""What a key of an outlet file may hold: countries, zones, patterns, selectors, judged."""

import difflib
import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import cssselect
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _is_country(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", value):
        raise ValueError("a country is two lower-case letters (ISO 3166-1 alpha-2), such as 'id'")
    return value


def _is_zone(value: str) -> str:
    if value not in available_timezones():
        near = difflib.get_close_matches(value, available_timezones(), 1)
        raise ValueError(f"no such time zone{f'; did you mean {near[0]!r}?' if near else ''}")
    return value


def _is_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _is_selector(value: str) -> str:
    try:
        cssselect.parse(value)
    except cssselect.SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from error
    return value


def _is_dated(value: str) -> str:
    said = re.findall(r"\{([^{}]*)\}", value)
    if wrong := next((name for name in said if name not in PAST_PARTS), None):
        known = ", ".join(f"{{{name}}}" for name in PAST_PARTS)
        raise ValueError(f"unknown {{{wrong}}}; known are {known}")
    if "yyyy" not in said:
        raise ValueError("an archive page has a date in its URL: {yyyy}, perhaps {mm}, {dd}")
    if {"dd", "d"} & set(said) and not {"mm", "m"} & set(said):
        raise ValueError("an archive page with a day has a month, too: {mm} or {m}")
    return value


def _is_home(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("home must be an absolute http or https URL")
    return value


Pattern = Annotated[str, AfterValidator(_is_pattern)]
Selector = Annotated[str, AfterValidator(_is_selector)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


PAST_PARTS = ("yyyy", "mm", "dd", "m", "d")
"""What may stand in braces in an archive page's URL; `m` and `d` have no leading zero."""


PagePattern = Annotated[str, AfterValidator(_is_dated)]
Home = Annotated[str, AfterValidator(_is_home)]
Country = Annotated[str, AfterValidator(_is_country)]
Zone = Annotated[str, AfterValidator(_is_zone)]


class Strict(BaseModel):
    """A table of the file, in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
