"""What the user says about a file: one value, from options of the command line or from a tab."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from xlclv.reading.cellcolumns import Conventions

Chosen = Literal["counts", "ignore"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user says about the file.

    Args:
        columns: Column name, as it is called in the workbook or in short, to header text; with
            no text the column is not taken at all.
        sheet: The only sheet to look for tables on.
        conventions: How numbers and dates of a text file are written.
        status: Status as it stands in the cells to what it says of an order.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    conventions: Conventions = field(default_factory=Conventions)
    status: Mapping[str, Chosen] = field(default_factory=dict)

    def settled(self, options: Sequence[tuple[str, str]]) -> "Choices":
        """Return the choices with further options of the command line.

        >>> Choices().settled([("--map", "unit_price=Price")]).columns
        {'unit_price': 'Price'}
        """
        columns, status = dict(self.columns), dict(self.status)
        for option, value in options:
            name, _, told = value.partition("=")
            if option == "--map":
                columns[name] = told
        told_ways = {option[2:]: value for option, value in options if option != "--map"}
        written = {
            name: told_ways[name] for name in ("decimal", "dates", "dash") if name in told_ways
        }
        return replace(
            self,
            columns=columns,
            status=status,
            sheet=told_ways.get("sheet", self.sheet),
            conventions=replace(self.conventions, **written),  # type: ignore[arg-type]
        )

    def as_options(self) -> list[tuple[str, str]]:
        """Return the options of the command line that say the same."""
        told = [("--map", f"{name}={header}") for name, header in self.columns.items()]
        told += [("--status", f"{value}={use}") for value, use in self.status.items()]
        said = {
            "--sheet": self.sheet,
            "--decimal": self.conventions.decimal,
            "--dates": self.conventions.dates,
            "--dash": self.conventions.dash,
        }
        return told + [(option, value) for option, value in said.items() if value is not None]
