"""The conditions of a rule read from its row; what cannot be read is noted as its fault."""

from xlclv.codes import by_code
from xlclv.rewards.conditions.condition import Comparison, Condition, Values, comparisons
from xlclv.rewards.conditions.fields import FIELDS, Field, find_field
from xlclv.rewards.rules.row_reader import RowReader, plain_number
from xlclv.terms import TERMS, Term
from xlclv.words import word

NUMBERS = (1, 2, 3)
TESTS = {f"test_{number}": by_code(f"test_{number}", Comparison) for number in NUMBERS}


def read_conditions(row: RowReader) -> tuple[Condition, ...]:
    """Read the three conditions of a row; what cannot be read is noted as its fault."""
    read = (_read(row, number) for number in NUMBERS)
    return tuple(condition for condition in read if condition is not None)


def _read(row: RowReader, number: int) -> Condition | None:
    field_name, test_name, value_name = (f"{part}_{number}" for part in ("field", "test", "value"))
    if row.blank(field_name) and row.blank(test_name) and row.blank(value_name):
        return None
    for name in (field_name, test_name, value_name):
        row.need(name, word("rewards.because.condition", number=number))
    field, test = _read_field(row, field_name), row.choice(test_name, TESTS[test_name])
    if field is None or test is None:
        return None
    if test not in comparisons(field):
        _refuse(
            row,
            test_name,
            field,
            ", ".join(TERMS[test_name].said(one.code) for one in comparisons(field)),
        )
        return None
    values = _read_values(row, value_name, field, test)
    return Condition(field, test, values) if values else None


def _read_field(row: RowReader, name: str) -> Field | None:
    text = row.text(name)
    field = find_field(text) if text else None
    if text and field is None:
        known = ", ".join(field.title for field in FIELDS.values())
        row.refuse(name, "unknown_entry", value=text, expected=known)
    return field


def _read_values(row: RowReader, name: str, field: Field, test: Comparison) -> Values:
    """Return the values of a condition; none where one of them is of no use."""
    entries = row.items(name) if test.takes_list else tuple(filter(None, [row.text(name)]))
    values = _texts(row, name, field, entries) if field.is_text else _numbers(field, entries)
    if entries and len(values) < len(entries) and not field.is_text:
        _refuse(row, name, field, Term("", whole=field.whole).expected)
        return ()
    if entries and test is Comparison.BETWEEN and (len(values) != 2 or values[0] > values[1]):  # type: ignore[operator]  # noqa: PLR2004
        _refuse(row, name, field, word("rewards.because.two_values"))
        return ()
    return values


def _refuse(row: RowReader, name: str, field: Field, expected: str) -> None:
    value = row.text(name)
    row.refuse(name, "does_not_fit", value=value, because=field.title, expected=expected, hint="")


def _numbers(field: Field, entries: tuple[str, ...]) -> tuple[float, ...]:
    numbers = (plain_number(entry) for entry in entries)
    return tuple(
        number
        for number in numbers
        if number is not None and (number.is_integer() or not field.whole)
    )


def _texts(row: RowReader, name: str, field: Field, entries: tuple[str, ...]) -> tuple[str, ...]:
    if not field.choices:
        return entries
    codes = {entry: field.code(entry) for entry in entries}
    offered = {field.said(code).casefold(): field.said(code) for code in field.choices}
    row.choose(name, tuple(entry for entry, code in codes.items() if code is None), offered)
    return tuple(code for code in codes.values() if code is not None)
