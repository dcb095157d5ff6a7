"""`kliping.toml`: who keeps this archive, why, and where its parts lie.

Credentials never stand in it: they come from the environment (`AWS_ACCESS_KEY_ID` and so on).
Everything that may stand in it::

    operator = "Anna Berg"                # who answers for the crawl
    contact = "webarchive@library.example"  # in the user agent and the From header
    purpose = "research"                  # research | preservation | newsroom | test
    database = "archive.db"               # a file beside this one, or postgresql://…

    [warc]
    prefix = "kliping"
    max_bytes = 1000000000                # a file is sealed when it has grown past this
    max_hours = 24                        # or when it is this old

    [dedup]
    scope = "archive"                     # whose captures a revisit may refer to:
                                          # archive | outlet | off

    [storage]                             # where `kliping offload` moves sealed files
    url = "s3://bucket/prefix"            # or file:///second/disk; gs:// and az:// too
    endpoint = "https://s3.library.example"  # of an S3 that is not Amazon's
    region = "eu-central-1"
    allow_http = false                    # an endpoint without TLS, other than on loopback

    [quota]                               # of each outlet, by `kliping run`; its own file may
    pages_per_day = 20000                 # say otherwise
    bytes_per_day = 5000000000
    minutes_per_visit = 60.0

    [limits]
    min_free_bytes = 1000000000           # `kliping run` begins no visit while less is free

    [guard]                               # private addresses that may be asked after all
    allow = ["127.0.0.1:8642"]

    [resolve]                             # names answered here and not by DNS
    "paper.example" = "127.0.0.1:8642"

    [notify]                              # how `kliping today --mail` sends
    smtp = "mail.library.example:587"
    security = "starttls"                 # starttls | tls | none (on loopback only)
    sender = "kliping@library.example"

    [clock]
    simulated = true                      # the records are no evidence of when things happened
"""

import ipaddress
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from archive.errors import ConfigError, NotAnArchive
from archive.judge import explain, secret

CONFIG_NAME = "kliping.toml"
DATABASE_ENVIRONMENT = "KLIPING_DATABASE"
"""Overrides `database`, so that a password need not stand in a file."""


def _is_contact(value: str) -> str:
    if value and not re.search(r"[^@\s]+@[^@\s]+\.\w+|https?://\S+\.\w+", value):
        raise ValueError("a contact is an e-mail address or a URL where you can be reached")
    return value


def _is_address(value: str) -> str:
    if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[0-9.]+):\d{1,5}", value):
        raise ValueError("an address is `IP:port`, such as '127.0.0.1:8642' or '[::1]:8642'")
    return value


def _is_depot(value: str) -> str:
    _has_no_secret(value)
    if not (re.fullmatch(_BUCKET, value) or re.fullmatch(_DIRECTORY, value)):
        raise ValueError(
            "a storage is `s3://bucket/prefix`, `file:///directory`, `gs://…` or `az://…`"
        )
    if {".", ".."} & set(value.split("/")):
        raise ValueError("a storage has no `.` and no `..` in its path")
    return value.rstrip("/")


def _is_endpoint(value: str) -> str:
    _has_no_secret(value)
    if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?/?", value):
        raise ValueError("an endpoint is `https://host` or `https://host:port`")
    return value.rstrip("/")


def _has_no_secret(value: str) -> None:
    if "@" in value or "?" in value or "#" in value:
        raise secret("credentials belong in the environment, such as AWS_ACCESS_KEY_ID, not here")


_BUCKET = r"(s3|gs|az)://[a-z0-9][a-z0-9._-]{1,62}(/[\w!.*'()=+-]+)*/?"
_DIRECTORY = r"file://(/[^/\x00-\x1f%]+)+/?"

Address = Annotated[str, AfterValidator(_is_address)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WarcConfig(_Strict):
    """How WARC files are named and when they are sealed."""

    prefix: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")] = "kliping"
    max_bytes: Annotated[int, Field(ge=1_000)] = 1_000_000_000
    max_hours: Annotated[float, Field(gt=0)] = 24


class DedupConfig(_Strict):
    """Whether a payload that is held already is stored again."""

    scope: Literal["archive", "outlet", "off"] = "archive"


class StorageConfig(_Strict):
    """Where sealed WARC files are moved to, and how it is asked."""

    url: Annotated[str, AfterValidator(_is_depot)]
    endpoint: Annotated[str, AfterValidator(_is_endpoint)] | None = None
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] | None = None
    allow_http: bool = False

    def location_of(self, name: str) -> str:
        """The URL of a file that lies there."""
        return f"{self.url}/{name}"

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.url.startswith("s3://") and (self.endpoint or self.region):
            raise secret("`endpoint` and `region` belong to s3:// alone")
        parts = urlsplit(self.endpoint or "")
        is_open = parts.scheme == "http" and not is_loopback(parts.hostname or "")
        if is_open and not self.allow_http:
            raise secret(
                "`endpoint` is not https: what is moved could be read and changed on its way; "
                "`allow_http = true` allows it"
            )
        return self


class QuotaConfig(_Strict):
    """How much of one outlet `kliping run` fetches; what is not said has no limit.

    A day is one of UTC. A visit that reaches one of them ends early; the rest stays due.
    """

    pages_per_day: Annotated[int, Field(ge=1)] | None = None
    bytes_per_day: Annotated[int, Field(ge=1)] | None = None
    minutes_per_visit: Annotated[float, Field(gt=0)] | None = None


class LimitsConfig(_Strict):
    """When `kliping run` waits."""

    min_free_bytes: Annotated[int, Field(ge=0)] = 1_000_000_000


class Guard(_Strict):
    """Private addresses that the crawler may connect to all the same."""

    allow: tuple[Address, ...] = ()


class NotifyConfig(_Strict):
    """By which server mail is sent, and in whose name; a login comes from the environment."""

    smtp: Annotated[str, Field(pattern=r"^([\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}$")]
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]

    @model_validator(mode="after")
    def _is_private(self) -> Self:
        if self.security == "none" and not is_loopback(self.smtp.rpartition(":")[0]):
            raise secret("`security` may be none for a server on this machine alone")
        return self


class ClockConfig(_Strict):
    """Which clock the records were made under."""

    simulated: bool = False


class ArchiveConfig(_Strict):
    """What `kliping.toml` says."""

    operator: str = ""
    contact: Annotated[str, AfterValidator(_is_contact)] = ""
    purpose: Literal["research", "preservation", "newsroom", "test"] = "research"
    database: str = "archive.db"
    warc: WarcConfig = WarcConfig()
    dedup: DedupConfig = DedupConfig()
    storage: StorageConfig | None = None
    quota: QuotaConfig = QuotaConfig()
    limits: LimitsConfig = LimitsConfig()
    guard: Guard = Guard()
    resolve: dict[str, Address] = {}
    notify: NotifyConfig | None = None
    clock: ClockConfig = ClockConfig()

    def database_url(self, directory: Path) -> str:
        """The database as SQLAlchemy names it; the environment overrides the file."""
        named = os.environ.get(DATABASE_ENVIRONMENT) or self.database
        if "://" in named:
            return named
        return f"sqlite:///{directory / named}"

    def database_file(self, directory: Path) -> Path | None:
        """The SQLite file that holds the database; None if a server does."""
        url = self.database_url(directory)
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def read_config(directory: Path) -> ArchiveConfig:
    """Read the configuration of the archive in `directory`.

    Raises:
        NotAnArchive: if there is no `kliping.toml`.
        ConfigError: naming the file, the key and what is wrong with it.
    """
    path = directory / CONFIG_NAME
    try:
        return ArchiveConfig.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise NotAnArchive(
            f"{directory} is not an archive: it has no {CONFIG_NAME}. "
            f"Make one with `kliping init {directory}`, or name another with --archive."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {explain(error, ArchiveConfig)}") from error


def with_contact(config: ArchiveConfig, contact: str) -> ArchiveConfig:
    """The same configuration with another contact.

    Raises:
        ConfigError: if nobody could be reached by it.
    """
    try:
        return ArchiveConfig.model_validate({**config.model_dump(), "contact": contact})
    except ValidationError as error:
        raise ConfigError(f"--contact: {explain(error, ArchiveConfig)}") from error


def render_config(config: ArchiveConfig) -> str:
    """The configuration as TOML, for `kliping init` to write."""
    lines = [
        "# Who keeps this archive, why, and where its parts lie; see docs/operating.md.",
        f"operator = {_quoted(config.operator)}",
        f"contact = {_quoted(config.contact)}  # stands in the user agent, for publishers",
        f"purpose = {_quoted(config.purpose)}",
        f"database = {_quoted(config.database)}  # or postgresql://user@host/name",
    ]
    if config.warc != WarcConfig():
        lines += ["", "[warc]", f"prefix = {_quoted(config.warc.prefix)}"]
        lines += [f"max_bytes = {config.warc.max_bytes}", f"max_hours = {config.warc.max_hours:g}"]
    if config.dedup != DedupConfig():
        lines += ["", "[dedup]", f"scope = {_quoted(config.dedup.scope)}"]
    if config.storage:
        lines += ["", "[storage]", f"url = {_quoted(config.storage.url)}"]
        lines += [f"endpoint = {_quoted(one)}" for one in [config.storage.endpoint] if one]
        lines += [f"region = {_quoted(one)}" for one in [config.storage.region] if one]
        lines += ["allow_http = true"] if config.storage.allow_http else []
    lines += _numbers("quota", config.quota.model_dump(exclude_none=True))
    lines += _numbers("limits", config.limits.model_dump(exclude_defaults=True))
    if config.guard.allow:
        allowed = ", ".join(_quoted(a) for a in config.guard.allow)
        lines += ["", "[guard]", f"allow = [{allowed}]"]
    if config.resolve:
        lines += ["", "[resolve]"]
        lines += [f"{_quoted(host)} = {_quoted(to)}" for host, to in sorted(config.resolve.items())]
    if config.notify:
        lines += ["", "[notify]", f"smtp = {_quoted(config.notify.smtp)}"]
        lines += [f"security = {_quoted(config.notify.security)}"]
        lines += [f"sender = {_quoted(config.notify.sender)}"]
    if config.clock.simulated:
        lines += ["", "[clock]", "simulated = true"]
    return "\n".join(lines) + "\n"


def _numbers(name: str, said: dict[str, float]) -> list[str]:
    lines = [f"{key} = {value!r}" for key, value in said.items()]
    return ["", f"[{name}]", *lines] if lines else []


def is_loopback(host: str) -> bool:
    """Whether a name or an address can only be this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
