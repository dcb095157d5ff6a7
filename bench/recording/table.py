"""A table of medians, each with its spread."""

import statistics


class Figures:
    """Repeated measurements by row and column."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns
        self._rows: dict[str, dict[str, list[float]]] = {}

    def add(self, row: str, *values: float) -> None:
        """One repetition of a row, its columns from the left."""
        for column, value in zip(self.columns, values, strict=False):
            self.add_to(row, column, value)

    def add_to(self, row: str, column: str, value: float) -> None:
        """One measurement."""
        self._rows.setdefault(row, {}).setdefault(column, []).append(value)

    def show(self, title: str) -> None:
        """Print medians, and the least and the most where they differ."""
        print(f"\n{title}")
        print(f"  {'':36}" + "".join(f"{column:>26}" for column in self.columns))
        for row, cells in self._rows.items():
            said = (_said(cells.get(column, [])) for column in self.columns)
            print(f"  {row:36}" + "".join(f"{one:>26}" for one in said), flush=True)


def _said(values: list[float]) -> str:
    if not values:
        return "-"
    middle, least, most = (_plain(f(values)) for f in (statistics.median, min, max))
    return middle if least == most else f"{middle} ({least}..{most})"


def _plain(value: float) -> str:
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"
