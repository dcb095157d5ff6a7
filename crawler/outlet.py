"""`kliping outlet`: what is done with one outlet as a whole."""

import typer

from crawler import rescue

outlet = typer.Typer(
    name="outlet", no_args_is_help=True, help="What is done with one outlet as a whole."
)
outlet.command()(rescue.rescue)


def add_commands(app: typer.Typer) -> None:
    """Give an app the command with its own."""
    app.add_typer(outlet)
