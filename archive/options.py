"""Options that many commands share."""

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
