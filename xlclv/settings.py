"""The settings on the Input tab: one row each, a missing row keeps its default."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Self

from xlclv.columns import as_date, read_column
from xlclv.errors import InputError
from xlclv.tables import plain, title, titles
from xlclv.terms import TERMS
from xlclv.words import UnknownLanguage, day, every, find_language, number, percent, yes_no

# A setting: its name or title, its value, and the cell it stands in.
Row = tuple[object, object, str]


NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user may set; the names are terms."""

    as_of: date | None = None  # None: the day of the last order
    period: str = "year"  # of frequency and lifespan on a customer sheet
    margin: float = 1.0
    discount_rate: float = 0.0  # per year
    timing: float = 0.0
    horizon: float = 3.0  # years
    months_ahead: float = 12.0  # of the forecast
    model: str = "best"  # of the forecast
    season: str = "auto"  # of the forecast
    acq_cost: float = 0.0  # of customers that have none of their own
    at_risk: float = 1.5
    passive: float = 3.0
    lost: float = 6.0
    points_value: float = 0.01  # money
    contact_cap: float | None = None  # offers and messages in 30 days; None: any number
    count_tax: bool = False
    money_symbol: str = ""  # "": that of the orders or of the format of their cells, if any
    privacy: bool = False  # no name and no e-mail address on any tab of ours
    language: str = ""  # of what refresh writes; "": as the program is asked, else English

    @classmethod
    def from_rows(cls, rows: Iterable[Row], usual: Mapping[str, object] = NOTHING) -> Self:
        """Read rows of name, value and cell; report every fault at once.

        Args:
            rows: Names or titles, values, and where each stands.
            usual: Settings by name that hold where no row says another.

        Raises:
            InputError: Some values are out of range; the message has a line for each.
        """
        names = {plain(alias): name for name in NAMES for alias in _aliases(name)}
        values: dict[str, object] = {}
        faults: list[str] = []
        cells: dict[str, str] = {}
        for label, value, cell in rows:
            name = names.get(plain(label))
            if name is None or value in (None, ""):
                continue
            try:
                values[name], cells[name] = _read(name, value), cell
            except InputError as error:
                faults.append(f"{cell}: {error}")
        settings = cls(**{**usual, **values})  # type: ignore[arg-type]
        first, second, third = settings.multiples()
        if not first < second < third and not faults:
            where = ", ".join(cells[name] for name in MULTIPLES if name in cells)
            faults.append(f"{where}: {InputError('multiples_fall')}")
        if faults:
            raise InputError("settings", faults="\n".join(faults))
        return settings

    def changed(self, **given: object) -> Self:
        """Return the same with other values; None keeps what there is.

        Raises:
            InputError: A value is out of range.
        """
        asked = {name: value for name, value in given.items() if value is not None}
        return replace(self, **{name: _read(name, value) for name, value in asked.items()})  # type: ignore[arg-type]

    def multiples(self) -> tuple[float, float, float]:
        """Return the multiples of the usual gap for At risk, Passive and Lost."""
        return self.at_risk, self.passive, self.lost


def is_setting(label: object, name: str) -> bool:
    """Say whether a label names a setting, by its name or its title in any language."""
    return plain(label) in {plain(alias) for alias in _aliases(name)}


def _aliases(name: str) -> list[str]:
    """Return its name, its titles in every language, and what it was called before."""
    return [name, *titles(name), *every(f"headers.{name}")]


def settings_of(given: Mapping[str, object], where: str) -> dict[str, object]:
    """Read settings that stand elsewhere than on the tab Input, by name or title.

    Args:
        given: Values as typed; a percentage may be a text such as 40%.
        where: What a message writes before a name, such as "xlclv.toml: ".

    Raises:
        InputError: There is no such setting, or a value is not allowed.
    """
    names = {plain(alias): name for name in NAMES for alias in _aliases(name)}
    names |= {plain(alias): name for alias, name in SHORT.items()}
    read = {}
    for label, value in given.items():
        name = names.get(plain(label))
        if name is None:
            expected = ", ".join(NAMES)
            raise InputError("no_such_setting", setting=f"{where}{label}", expected=expected)
        try:
            read[name] = _read(name, _literal(name, value))
        except InputError as error:
            raise InputError("setting_elsewhere", setting=f"{where}{label}", fault=error) from None
    return read


def said(name: str, value: object) -> str:
    """Write the value of a setting, as a sentence quotes it."""
    if TERMS[name].unit == "fraction" and isinstance(value, float):
        return percent(value, 2 if value * 100 % 1 else 0)
    if isinstance(value, bool):
        return yes_no(answer=value)
    if isinstance(value, float | int):
        return number(value)
    return day(value) if isinstance(value, date) else TERMS[name].said(str(value))


def _literal(name: str, value: object) -> object:
    """Return a number that is written as text: 40%, 0.4."""
    if not isinstance(value, str) or TERMS[name].kind != "number":
        return value
    text, share = value.strip().removesuffix("%"), value.strip().endswith("%")
    try:
        return float(text) / 100 if share else float(text)
    except ValueError:
        return value


SHORT = {"currency": "money_symbol", "months": "months_ahead"}  # what commands call them
MULTIPLES = ("at_risk", "passive", "lost")
NAMES: Sequence[str] = tuple(setting.name for setting in fields(Settings))


def _read(name: str, value: object) -> object:
    """Return one value as its term wants it."""
    if name == "language":
        try:
            return find_language(str(value))
        except UnknownLanguage as error:
            raise InputError("setting", fault=str(error)) from None
    column = read_column([value], title(name), TERMS[name])
    if column.faults:
        raise InputError("setting", fault=column.faults[0].message)
    if TERMS[name].kind == "date":
        return as_date(column.values[0])
    return column.values[0]
