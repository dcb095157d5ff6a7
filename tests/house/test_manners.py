"""Nothing that can be configured makes us look like somebody else, or sends what nobody may see."""

import re

import pytest
from house.test_docs import keys_of

from archive.config import ArchiveConfig
from crawler import settings
from crawler.outlets.spec import Outlet

DISGUISE = re.compile(
    r"agent|browser|impersonat|cookie|header|referer|captcha|login|password", re.IGNORECASE
)


@pytest.mark.parametrize("model", [ArchiveConfig, Outlet])
def test_no_key_of_any_file_of_ours_is_a_disguise(model: type) -> None:
    assert [key for key in keys_of(model) if DISGUISE.search(key)] == []


def test_the_settings_keep_no_cookie_and_imitate_nobody() -> None:
    assert settings.COOKIES_ENABLED is False
    assert not hasattr(settings, "USER_AGENT")  # it is the archive's: name, version and contact
    assert set(settings.DEFAULT_REQUEST_HEADERS) == {"Accept", "Accept-Encoding"}
