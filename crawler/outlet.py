"""`kliping outlet`: what is done with one outlet as a whole."""

import typer

from crawler import lessons, rescue

outlet = typer.Typer(
    name="outlet", no_args_is_help=True, help="What is done with one outlet as a whole."
)
outlet.command()(rescue.rescue)
outlet.command()(lessons.learn)


def add_commands(app: typer.Typer) -> None:
    """Give an app the command with its own."""
    app.add_typer(outlet)
