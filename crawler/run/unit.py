"""A systemd unit for `kliping run`, to be written to a file by whoever looks after the machine."""

import shlex
import sys
from pathlib import Path

_UNIT = """\
# kliping run --print-unit | sudo tee /etc/systemd/system/kliping.service
# sudo systemctl daemon-reload && sudo systemctl enable --now kliping
[Unit]
Description=kliping: visits news outlets by their schedules ({archive})
Documentation=https://github.com/kliping/kliping
Wants=network-online.target
After=network-online.target{after}
RequiresMountsFor={mount}

[Service]
Type=exec
User={user}
WorkingDirectory={directory}
ExecStart={command}
Restart=on-failure
RestartSec=30
# what is under way is finished: a page, at most ten seconds
TimeoutStopSec=120
KillSignal=SIGTERM
KillMode=mixed
Environment=NO_COLOR=1
# a password for the database, keys for storage: KEY=value lines, readable by root alone
EnvironmentFile=-/etc/kliping.env

ReadWritePaths={directory}
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
NoNewPrivileges=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
SystemCallArchitectures=native
CapabilityBoundingSet=
UMask=0027

[Install]
WantedBy=multi-user.target
"""


def unit(archive: Path, *, user: str, health: str | None, on_postgresql: bool) -> str:
    """The unit's text; all paths are absolute.

    Args:
        archive: the archive directory.
        user: who the service runs as.
        health: the address of its health page.
        on_postgresql: whether a server on this machine may be its database.
    """
    directory = archive.resolve()
    asked = [*_program(), "run", "--archive", str(directory)]
    asked += ["--health", health] if health else []
    at_home = any(part in ("home", "root") for part in directory.parts[1:2])
    return _UNIT.format(
        archive=_escaped(directory.name),
        directory=_escaped(str(directory)),
        mount=_quoted(str(directory)),
        command=" ".join(map(_quoted, asked)),
        user=user,
        after=" postgresql.service" if on_postgresql else "",
        home="no" if at_home or _is_at_home(asked[0]) else "yes",
    )


def _program() -> list[str]:
    """How this very program is started: `kliping` beside the interpreter, or as a module."""
    beside = Path(sys.executable).with_name("kliping")
    return [str(beside)] if beside.exists() else [sys.executable, "-m", "crawler.cli"]


def _is_at_home(program: str) -> bool:
    return Path(program).parts[1:2] in (("home",), ("root",))


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    escaped = word.replace("%", "%%").replace("$", "$$")
    return escaped if shlex.quote(word) == word else '"' + escaped.replace('"', '\\"') + '"'
