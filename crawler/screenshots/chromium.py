"""The system's Chromium as a process of ours: found, started behind walls, and ended with its kin.

We speak with it over two pipes (`--remote-debugging-pipe`): it reads from its descriptor 3 and
writes to its descriptor 4. No port is opened. It ends by itself when the pipes close, so that
it does not outlive us, however we end.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
from pathlib import Path

from archive.errors import ArchiveError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VARIABLE = "KLIPING_CHROMIUM"
_FREE_DESCRIPTOR = 10
"""Above those that Chromium gets, so that none is closed by giving it another."""
_SAID_BYTES = 2000
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "FONTCONFIG_PATH")

_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    # the second wall: whatever is not answered by us has no name that resolves and no way out,
    # not even to this machine, which a proxy is not asked for by default
    "--proxy-server=socks5://nowhere.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--blink-settings=scriptEnabled=false",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    "--use-mock-keychain",
    # HttpsUpgrades would ask https for a page that was captured at http
    "--disable-features=HttpsUpgrades,MediaRouter,DialMediaRouteProvider,OptimizationHints,Translate",
    # pictures that do not depend on the machine more than they must
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--mute-audio",
)


class ChromiumMissing(ArchiveError):
    """There is no Chromium on this machine, or it cannot be started."""


def find_chromium() -> str:
    """Where the system's Chromium is.

    Raises:
        ChromiumMissing: if there is none; it says what to do.
    """
    given = os.environ.get(VARIABLE)
    for name in [given] if given else NAMES:
        if found := shutil.which(name):
            return found
    wrong = f"{VARIABLE} names {given}, which cannot be run. " if given else ""
    raise ChromiumMissing(
        f"{wrong}Screenshots need Chromium: install it (Debian: apt-get install chromium), or name "
        f"a Chromium or Chrome in the environment variable {VARIABLE}."
    )


class Chromium:
    """One running Chromium, with a profile that is thrown away. Close it."""

    def __init__(self, program: str) -> None:
        self.profile = Path(tempfile.mkdtemp(prefix="kliping-chromium-"))
        self.writer = self.reader = -1
        self._process = 0
        try:
            self._start(program)
        except BaseException:
            self.close()
            raise

    def said(self) -> str:
        """The end of what it wrote to its standard error, for whoever wants to know why."""
        with contextlib.suppress(OSError):
            return self._log.read_text("utf-8", "replace")[-_SAID_BYTES:].strip()
        return ""

    def close(self) -> None:
        """End it and every process of its own, and remove its profile."""
        for descriptor in (self.writer, self.reader):
            if descriptor >= 0:
                os.close(descriptor)
        self.writer = self.reader = -1
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._process, 0)
            self._process = 0
        shutil.rmtree(self.profile, ignore_errors=True)

    @property
    def _log(self) -> Path:
        return self.profile / "stderr.txt"

    def _start(self, program: str) -> None:
        theirs_in, self.writer = _pipe()
        self.reader, theirs_out = _pipe()
        try:
            self._process = os.posix_spawn(
                program,
                [program, *_FLAGS, *_for_root(), f"--user-data-dir={self.profile}", "about:blank"],
                self._environment(),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, str(self._log), os.O_WRONLY | os.O_CREAT, 0o600),
                    (os.POSIX_SPAWN_DUP2, theirs_in, 3),
                    (os.POSIX_SPAWN_DUP2, theirs_out, 4),
                ],
                setsid=True,  # a group of its own, so that all of it can be ended
            )
        except OSError as error:
            raise ChromiumMissing(f"{program} cannot be started: {error.strerror}.") from error
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        os.set_blocking(self.writer, False)
        os.set_blocking(self.reader, False)

    def _environment(self) -> dict[str, str]:
        """Nothing of ours but what a program needs to be found and to write words."""
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        return {**kept, "HOME": str(self.profile), "TMPDIR": str(self.profile), "TZ": "UTC"}


def _for_root() -> list[str]:
    """Chromium refuses to run as root in its sandbox; for anybody else the sandbox stays."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def _pipe() -> tuple[int, int]:
    ends = []
    for end in os.pipe():
        ends.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FREE_DESCRIPTOR))
        os.close(end)
    return ends[0], ends[1]
