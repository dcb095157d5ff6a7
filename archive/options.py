"""Options that many commands share."""

import inspect
import re
from pathlib import Path
from typing import Annotated

import typer

Directory = Annotated[
    Path,
    typer.Option(
        "--archive",
        "-A",
        envvar="KLIPING_ARCHIVE",
        help="The archive directory.",
        show_default="the current directory",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")]


def flowing(app: typer.Typer) -> None:
    """Have a terminal wrap the helps of an app's commands, not the width of their source."""
    for command in app.registered_commands:
        text = inspect.getdoc(command.callback) if command.callback else None
        if text and not command.help:
            command.help = re.sub(r"(?<=\S)\n(?=\S)", " ", text)
    for group in app.registered_groups:
        if group.typer_instance:
            flowing(group.typer_instance)
