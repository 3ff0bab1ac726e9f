"""Charts, and their data to the right of the page.

A spreadsheet that refreshes in place keeps its charts and only gets new numbers. So the data of a
chart always stand in the same cells, its title too; where there may be fewer rows, the last are
filled, and a chart drawn of those shows the newest ever after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.addresses import letters
from xlclv.terms import Frame
from xlclv.words import word
from xlclv.workbook.drawing import ACCENT, LINE, Drawing, quoted

DATA_ROW = 4  # of the headers, from 0; the titles of the charts stand above
LIGHT = "#9DC3E6"  # beside ACCENT also on a printer without colours
LINES = {"visible": True, "line": {"color": "#E5E7EB"}}
NAMES = {"name_font": {"size": 9, "bold": False}, "num_font": {"size": 9}}
MONEY = {"num_format": "#,##0"}
SHARE = {"num_format": "0%", "min": 0, "max": 1}
COUNT = {"num_format": "#,##0", "min": 0}
WIDTH = 12  # of a column of data

Axis = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is drawn.

    Args:
        kind: Type and subtype, as XlsxWriter calls them.
        x: Of the axis of the categories.
        y: Of the axis of the values.
        colours: Of the series.
        gap: Between columns, in percent of their width.
        dashes: How the lines of the series are drawn, "" through.
    """

    kind: Mapping[str, str]
    x: Axis = field(default_factory=dict)
    y: Axis = field(default_factory=dict)
    colours: Sequence[str] = (ACCENT, LIGHT)
    gap: int = 40
    dashes: Sequence[str] = ("", "")


class Charts:
    """The charts of a sheet, one after the other.

    Args:
        drawing: The workbook.
        sheet: Where.
        column: First column of the data, from 0.
        facts: What the texts of all charts name.
    """

    def __init__(
        self, drawing: Drawing, sheet: Worksheet, column: int, facts: Mapping[str, str]
    ) -> None:
        self.drawing, self.sheet, self.column, self.facts = drawing, sheet, column, facts
        sheet.write_string(DATA_ROW - 2, column, word("chart.data"), drawing.style("grey"))

    def add(
        self, key: str, finding: str, frame: Frame, look: Look, size: Mapping[str, int], rows: int
    ) -> Any:  # noqa: ANN401 - XlsxWriter has no types
        """Write the data of a chart and return it.

        Args:
            key: Its texts are `chart.KEY`.
            finding: What it shows, as its title.
            frame: The labels, then a column per series: header to values.
            look: How it looks.
            size: Width and height in pixels.
            rows: How many rows the data always have; those given are the last.
        """
        title_cell = self._title(finding)
        labels, *series = self._put(frame, rows)
        chart = self.drawing.book.add_chart({**look.kind, "name": f"xlclv {key}"})
        for at, (values, colour) in enumerate(zip(series, look.colours, strict=False)):
            line: dict[str, object] = {"color": colour}
            if look.dashes[at]:
                line["dash_type"] = look.dashes[at]
            filled = look.kind["type"] in ("column", "bar")
            paint = {"fill": {"color": colour}} if filled else {"line": line}
            name = [values[0], DATA_ROW, values[2]]
            chart.add_series(
                {"categories": labels, "values": values, "gap": look.gap, "name": name, **paint}
            )
        self._axes(chart, key, look)
        chart.set_legend({"none": True} if len(series) == 1 else {"position": "top"})
        chart.set_title(
            {"name": title_cell, "name_font": {"size": 11, "bold": True}, "overlay": False}
        )
        chart.set_size(dict(size))
        chart.set_chartarea({"border": {"color": LINE}})
        return chart

    def insert(self, chart: Any, key: str, row: int, column: int, shift: int = 0) -> None:  # noqa: ANN401
        """Place a chart, `shift` pixels right of a column."""
        options = {
            "description": word(f"chart.{key}.alt", **self.facts),
            "object_position": 2,
            "x_offset": shift,
        }
        self.sheet.insert_chart(row, column, chart, options)

    def _axes(self, chart: Any, key: str, look: Look) -> None:  # noqa: ANN401
        said = {
            axis: {**NAMES, "name": word(f"chart.{key}.{axis}", **self.facts)}
            for axis in ("x", "y")
        }
        chart.set_x_axis({**said["x"], **look.x})
        chart.set_y_axis({**said["y"], "major_gridlines": LINES, **look.y})

    def _title(self, finding: str) -> str:
        """Write the title of a chart above its data; return where it stands."""
        grey = self.drawing.style("grey")
        self.sheet.write_string(DATA_ROW - 1, self.column, finding, grey)
        place = f"${letters(self.column + 1)}${DATA_ROW}"
        return f"={quoted(self.sheet.get_name())}!{place}"

    def _put(self, frame: Frame, rows: int) -> list[list[object]]:
        """Write columns of data; return the references of those that are filled."""
        references: list[list[object]] = []
        size = len(next(iter(frame.values())))
        first, last = DATA_ROW + 1 + rows - size, DATA_ROW + rows
        for header, values in frame.items():
            grey = self.drawing.style("grey")
            self.sheet.write_string(DATA_ROW, self.column, header, grey)
            for row in range(DATA_ROW + 1, first):
                self.sheet.write_blank(row, self.column, None, grey)
            self.drawing.column(self.sheet, first, self.column, np.asarray(values), "grey", "text")
            self.sheet.set_column(self.column, self.column, WIDTH)
            references.append([self.sheet.get_name(), first, self.column, last, self.column])
            self.column += 1
        self.column += 1
        return references
