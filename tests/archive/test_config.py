"""`kliping.toml`: what may stand in it, and an error that names file, key and what was meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.config import (
    ArchiveConfig,
    ClockConfig,
    Guard,
    StorageConfig,
    WarcConfig,
    is_loopback,
    read_config,
    render_config,
    with_contact,
)
from archive.errors import ConfigError, NotAnArchive

S3 = '[storage]\nurl = "s3://bucket/warcs"\n'


@pytest.fixture
def read(tmp_path):
    def read(content: str | bytes) -> ArchiveConfig:
        raw = content.encode() if isinstance(content, str) else content
        (tmp_path / "kliping.toml").write_bytes(raw)
        return read_config(tmp_path)

    return read


def test_an_empty_file_is_a_configuration(read):
    assert read("") == ArchiveConfig()


def test_everything_that_the_documentation_shows_can_be_read(read):
    import archive.config

    shown = (archive.config.__doc__ or "").split("::\n", 1)[1]
    config = read("\n".join(line.strip() for line in shown.splitlines()))
    assert config.operator == "Anna Berg"
    assert config.guard.allow == ("127.0.0.1:8642",)
    assert config.resolve == {"paper.example": "127.0.0.1:8642"}
    assert config.clock.simulated


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('contcat = "x"', "unknown key `contcat`; did you mean `contact`?"),
        ("zzz = 1", "unknown key `zzz`"),
        ('[warc]\nprefx = "a"', "unknown key `warc.prefx`; did you mean `prefix`?"),
        ("[gaurd]\nallow = []", "unknown key `gaurd`; did you mean `guard`?"),
        ("operator = 3", "`operator`: Input should be a valid string (got 3)"),
        ('purpose = "fun"', "`purpose`: Input should be 'research', 'preservation', 'newsroom' or"),
        ('contact = "nobody"', "`contact`: a contact is an e-mail address or a URL"),
        ("[warc]\nmax_bytes = 10", "`warc.max_bytes`: Input should be greater than or equal to"),
        ('[warc]\nprefix = "A/b"', "`warc.prefix`: String should match pattern"),
        ('[guard]\nallow = ["localhost:1"]', "`guard.allow.0`: an address is `IP:port`"),
        ("[storage]\nurll = 1", "`storage.url`: Field required"),
        ('[storage]\nurl = "ftp://x/y"', "`storage.url`: a storage is `s3://bucket/prefix`"),
        ('[storage]\nurl = "s3://"', "`storage.url`: a storage is `s3://bucket/prefix`"),
        ('[storage]\nurl = "s3://Bucket"', "`storage.url`: a storage is `s3://bucket/prefix`"),
        ('[storage]\nurl = "file://second"', "`storage.url`: a storage is `s3://bucket/prefix`"),
        ('[storage]\nurl = "file:///a/../b"', "`storage.url`: a storage has no `.` and no `..`"),
        ('[storage]\nurl = "s3://b-b/./x"', "`storage.url`: a storage has no `.` and no `..`"),
        (S3 + 'endpoint = "s3.example"', "`storage.endpoint`: an endpoint is `https://host`"),
        (S3 + 'endpoint = "https://h/x"', "`storage.endpoint`: an endpoint is `https://host`"),
        (S3 + 'endpoint = "http://s3.example"', "`storage`: `endpoint` is not https: "),
        (S3 + 'endpoint = "http://127.0.0.1.example"', "`storage`: `endpoint` is not https: "),
        (S3 + 'region = "a b"', "`storage.region`: String should match pattern"),
        (S3 + 'secret_access_key = "x"', "unknown key `storage.secret_access_key`"),
        ('[storage]\nurl = "file:///x"\nregion = "a"', "`storage`: `endpoint` and `region` belong"),
        ('[resolve]\n"x" = "y"', "`resolve.x`: an address is `IP:port`"),
        ("warc = 3", "`warc`: "),
        ("operator = ", "not TOML: "),
        (b'operator = "\xff"', "not TOML: "),
    ],
)
def test_every_fault_is_named_with_file_and_key(read, tmp_path, content, said):
    with pytest.raises(ConfigError) as raised:
        read(content)
    assert str(raised.value).startswith(f"{tmp_path / 'kliping.toml'}: {said}")
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    "content",
    [
        '[storage]\nurl = "s3://AKIAX:hunter2@bucket/x"',
        '[storage]\nurl = "s3://bucket/x?secret=hunter2"',
        S3 + 'endpoint = "https://AKIAX:hunter2@s3.example"',
        S3 + 'secret_access_key = "hunter2"',
    ],
)
def test_credentials_are_refused_and_not_repeated(read, content):
    with pytest.raises(ConfigError) as raised:
        read(content)
    assert "hunter2" not in str(raised.value)
    assert "AKIAX" not in str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        S3 + 'endpoint = "http://127.0.0.1:9000"',
        S3 + 'endpoint = "http://[::1]:9000"',
        S3 + 'endpoint = "http://localhost:9000"',
        S3 + 'endpoint = "http://s3.lan:9000"\nallow_http = true',
        S3 + 'endpoint = "https://s3.example"\nregion = "eu-central-1"',
        '[storage]\nurl = "file:///mnt/Zweite Platte/WARC/"',
        '[storage]\nurl = "gs://bucket/warcs"',
        '[storage]\nurl = "az://container"',
    ],
)
def test_what_a_storage_can_be(read, content):
    assert read(content).storage is not None


def test_the_url_of_a_moved_file_is_below_that_of_its_storage():
    assert StorageConfig(url="s3://bucket/x/").location_of("a.warc.gz") == "s3://bucket/x/a.warc.gz"


@pytest.mark.parametrize(
    ("host", "is_one"),
    [("127.8.9.1", True), ("[::1]", True), ("localhost", True), ("x.example", False), ("", False)],
)
def test_only_this_machine_is_on_loopback(host, is_one):
    assert is_loopback(host) == is_one


def test_without_the_file_it_is_no_archive(tmp_path):
    with pytest.raises(NotAnArchive, match="kliping init"):
        read_config(tmp_path)


addresses = st.sampled_from(["127.0.0.1:8642", "[::1]:80"])
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
configs = st.builds(
    ArchiveConfig,
    operator=words,
    contact=st.sampled_from(["", "me@x.example", 'https://x.example/?a="b\\']),
    purpose=st.sampled_from(["research", "preservation", "newsroom", "test"]),
    database=words,
    warc=st.builds(WarcConfig, prefix=st.just("a-b"), max_bytes=st.integers(1_000, 10**12)),
    guard=st.builds(Guard, allow=st.lists(addresses).map(tuple)),
    storage=st.sampled_from(
        [
            None,
            StorageConfig(url="file:///mnt/Zweite Platte"),
            StorageConfig(url="s3://bucket", endpoint="https://x.example", region="eu-1"),
            StorageConfig(url="s3://bucket/x", endpoint="http://x.example", allow_http=True),
        ]
    ),
    resolve=st.dictionaries(words, addresses, max_size=3),
    clock=st.builds(ClockConfig, simulated=st.booleans()),
)


@settings(max_examples=50, deadline=None)
@given(config=configs)
def test_what_is_written_is_read_again(config, tmp_path_factory):
    directory = tmp_path_factory.mktemp("config")
    (directory / "kliping.toml").write_text(render_config(config), "utf-8")
    assert read_config(directory) == config


@pytest.mark.parametrize(
    ("database", "url"),
    [
        ("archive.db", "sqlite:////srv/archive/archive.db"),
        ("/data/x.db", "sqlite:////data/x.db"),
        ("postgresql://me@host/x", "postgresql://me@host/x"),
    ],
)
def test_a_database_is_a_file_beside_or_a_url(database, url, monkeypatch):
    from pathlib import Path

    monkeypatch.delenv("KLIPING_DATABASE", raising=False)
    assert ArchiveConfig(database=database).database_url(Path("/srv/archive")) == url


def test_the_environment_overrides_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("KLIPING_DATABASE", "postgresql://me:secret@host/x")
    assert ArchiveConfig().database_url(tmp_path) == "postgresql://me:secret@host/x"


def test_a_contact_given_for_once_is_judged_too():
    assert with_contact(ArchiveConfig(), "me@x.example").contact == "me@x.example"
    with pytest.raises(ConfigError, match=r"--contact: .*e-mail address or a URL"):
        with_contact(ArchiveConfig(), "nobody")
