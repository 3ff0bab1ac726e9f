from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import InputError
from xlclv.reading.cellcolumns import Conventions
from xlclv.reading.textcells import typed
from xlclv.reading.textdates import readings
from xlclv.tables import ORDERS, Place, RawTable, read_table
from xlclv.terms import Array

Cells = Sequence[str | None]
UNTOLD = Conventions()


def read(
    cells: Cells, name: str = "amount_net", conventions: Conventions = UNTOLD
) -> tuple[Array, tuple[str, ...]]:
    raw = RawTable([name], [cells], Place("orders"))
    table, notes = typed(raw, {name: 0}, conventions)
    column = table.columns[0]
    assert isinstance(column, np.ndarray)
    return column, notes


def numbers(*cells: str | None, decimal: str | None = None) -> list[object]:
    return list(read(cells, conventions=Conventions(decimal=decimal))[0])  # type: ignore[arg-type]


def dates(*cells: str | None, order: str | None = None) -> list[object]:
    conventions = Conventions(dates=order)  # type: ignore[arg-type]
    return list(read(cells, "order_date", conventions)[0].astype(object))


def refused(name: str, *cells: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read(cells, name)
    return caught.value


# numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("7", 7), ("007", 7), ("-3", -3), (" 12.5 ", 12.5), (".5", 0.5), ("5.", 5)),
        *(("1,234.56", 1234.56), ("1.234,56", 1234.56), ("12,34,567.8", 1_234_567.8)),
        *(("1 234,56", 1234.56), ("1\u00a0234,56", 1234.56), ("1\u202f234\u2009567,8", 1234567.8)),
        *(("1'234.56", 1234.56), ("1’234’567.8", 1_234_567.8), ("0.125", 0.125)),
        *(("12.50 €", 12.5), ("€12.50", 12.5), ("$ 1,234.50", 1234.5), ("US$5.5", 5.5)),
        *(("EUR 12,50", 12.5), ("12,50\u00a0EUR", 12.5), ("CHF1'200.50", 1200.5), ("5,5 zł", 5.5)),
        *(("kr. 5,50", 5.5), ("5,50 kr.", 5.5), ("￥１２００", 1200), ("1200円", 1200)),
        *(("-$5.50", -5.5), ("$-5.50", -5.5), ("- 5.50", -5.5), ("\u22125,50", -5.5)),
        *(("5.50-", -5.5), ("5,50 €-", -5.5), ("(5.50)", -5.5), ("($1,005.50)", -1005.5)),
        *(("40%", 0.4), ("12,5 %", 0.125), ("-0.5%", -0.005), ("(5%)", -0.05)),
        *(("1.5E+03", 1500), ("2e-1", 0.2)),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, number: float) -> None:
    assert numbers(text) == [pytest.approx(number, rel=1e-15)]


def test_a_clean_column_is_numbers_with_blanks() -> None:
    column, notes = read(["1.5", "", None, "  ", "20", "1.5"])
    assert column.dtype == np.float64
    np.testing.assert_array_equal(column, [1.5, np.nan, np.nan, np.nan, 20, 1.5])
    assert len(notes) == 1
    assert 'the point is the decimal sign, as "1.5" in orders!A2 shows' in notes[0]
    assert read(["", None])[0].dtype == np.float64
    assert read([])[0].dtype == np.float64


def test_whole_numbers_need_no_decimal_sign() -> None:
    assert read(["5", "1200", "-3"])[1] == ()


def test_one_cell_decides_for_the_whole_column() -> None:
    assert numbers("1.234", "5,5") == [1234, 5.5]
    assert numbers("1,234", "5.5") == [1234, 5.5]
    assert numbers("1.234", "1.234.567") == [1234, 1_234_567]
    assert numbers("1.234", "0.500") == [1.234, 0.5]
    assert numbers(*["1.234"] * 10_000, "0,5")[0] == 1234


@pytest.mark.parametrize("text", ["1.234", "-12,345", "€ 1.234", "1.234%"])
def test_a_column_of_two_readings_is_refused(text: str) -> None:
    fault = refused("amount_net", "5", text)
    assert (fault.key, fault.facts["value"]) == ("decimal_unclear", text)
    assert "orders!A3" in str(fault)
    assert "--decimal" in str(fault)


def test_the_user_may_say_the_decimal_sign() -> None:
    assert numbers("1.234", decimal=".") == [1.234]
    assert numbers("1.234", decimal=",") == [1234]
    assert numbers("1,5", "2.5", decimal=",") == [1.5, "2.5"]


def test_a_column_of_both_decimal_signs_is_refused() -> None:
    fault = refused("amount_net", "1.50", "2.50", "3,5")
    assert fault.key == "decimal_mixed"
    assert '"3,5" in orders!A4' in str(fault)
    assert '"1.50" in orders!A2' in str(fault)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "abc",
            "n/a",
            ".",
            "%",
            "€",
            "1-2",
            "--5",
            "5--",
            "(5",
            "1.2.3",
            "12.34.567",
            "1_000",
        ),
        *(
            "nan",
            "inf",
            "=1+1",
            "+5",
            "@5",
            "-cmd",
            "12€5",
            "5 apples",
            "1 23",
            "12345 678",
            "0x10",
        ),
        *("2026-01-31", "²", "１-２", "(-5)", "1,23,4"),
    ],
)
def test_what_is_no_number_stays_text(text: str) -> None:
    column, _ = read(["1.5", text, "", "2"])
    assert column.dtype == object
    assert list(column[[0, 1, 3]]) == [1.5, text, 2.0]
    assert np.isnan(column[2])


def test_notes_name_currencies_and_percents() -> None:
    _, notes = read(["5.50 €", "$7", "USD 8"])
    assert "$, USD, €" in notes[0]
    _, notes = read(["40%", "0.5"], "margin")
    assert any('"40%" in orders!A2' in note for note in notes)


SIGNS = {"en": (",", "."), "de": (".", ","), "fr": ("\u202f", ","), "ch": ("'", ".")}


@given(
    st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=50),
    st.sampled_from(sorted(SIGNS)),
    st.sampled_from(["{}", "{} €", "$ {}", "EUR {}", " {}\u00a0CHF "]),
)
def test_numbers_survive_any_way_of_writing(cents: list[int], way: str, dress: str) -> None:
    group, point = SIGNS[way]

    def text(value: float) -> str:
        plain = f"{value:,.2f}".replace(",", "_").replace(".", point).replace("_", group)
        return dress.format(plain)

    values = [cent / 100 for cent in cents]
    assert list(read([text(value) for value in values])[0]) == values


# dates


@pytest.mark.parametrize(
    "text",
    [
        *("2026-01-31", "2026-1-31", "2026/01/31", "2026.01.31", "20260131", " 2026-01-31 "),
        *("31.01.2026", "31.1.2026", "31.1.26", "31. 1. 2026", "31/01/2026", "1/31/2026"),
        *(
            "31-01-2026",
            "01/31/26",
            "31 Jan 2026",
            "31-Jan-26",
            "Jan 31, 2026",
            "January 31st, 2026",
        ),
        *("31. Januar 2026", "31 JANVIER 2026", "2026年1月31日", "2026년 1월 31일", "2026. 1. 31."),
        *("2026-01-31T23:59:59Z", "2026-01-31 23:59:59.123456+09:00", "2026-01-31 12:03 -0500"),
        *("31.01.2026 08:30", "1/31/2026 5:30 PM", "1/31/2026, 5:30:00 p.m.", "31 Jan 2026 17:30"),
        *("2026年1月31日 17:30", "2026-01-31 00:00:00 UTC"),
    ],
)
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert dates(text) == [date(2026, 1, 31)]


def test_a_clean_column_is_days_with_blanks() -> None:
    column, notes = read(["2026-01-31", "", None, "20260201"], "order_date")
    assert column.dtype == np.dtype("datetime64[D]")
    assert np.isnat(column[1:3]).all()
    assert notes == ()
    assert read(["", None], "order_date")[0].dtype == np.dtype("datetime64[D]")


def test_one_date_decides_for_the_whole_column() -> None:
    assert dates("03/04/2026", "31/01/2026") == [date(2026, 4, 3), date(2026, 1, 31)]
    assert dates("03/04/2026", "01/31/2026") == [date(2026, 3, 4), date(2026, 1, 31)]
    _, notes = read(["03/04/2026", "31/01/2026"], "order_date")
    assert 'day, month, year, as "31/01/2026" in orders!A3' in notes[0]


def test_equal_day_and_month_need_no_order() -> None:
    assert read(["01/01/2026", "02/02/2026"], "order_date")[1][1:] == ()
    assert dates("01/01/2026", "2026-03-04") == [date(2026, 1, 1), date(2026, 3, 4)]


@pytest.mark.parametrize("text", ["03/04/2026", "3-4-2026", "03/04/26", "26/01/31"])
def test_a_column_of_two_orders_is_refused(text: str) -> None:
    fault = refused("order_date", "2026-01-31", text)
    assert (fault.key, fault.facts["value"]) == ("dates_unclear", text)
    assert "--dates" in str(fault)


def test_a_column_of_both_orders_is_refused() -> None:
    fault = refused("order_date", "31/01/2026", "01/31/2026")
    assert fault.key == "dates_mixed"
    assert '"01/31/2026" in orders!A3' in str(fault)
    assert '"31/01/2026" in orders!A2' in str(fault)


def test_the_user_may_say_the_order() -> None:
    assert dates("03/04/26", order="dmy") == [date(2026, 4, 3)]
    assert dates("03/04/26", order="mdy") == [date(2026, 3, 4)]
    assert dates("03/04/26", order="ymd") == [date(2003, 4, 26)]
    assert dates("31.1.2026", "2026-02-01", order="mdy") == [date(2026, 1, 31), date(2026, 2, 1)]
    assert dates("31/01/2026", "01/31/2026", order="dmy") == [date(2026, 1, 31), "01/31/2026"]


def test_years_of_two_digits_are_told() -> None:
    column, notes = read(["31.01.29", "31.01.30"], "order_date")
    assert list(column.astype(object)) == [date(2029, 1, 31), date(1930, 1, 31)]
    assert any("two digits" in note for note in notes)


def test_times_are_left_out_and_told() -> None:
    _, notes = read(["2026-01-31 08:30", "2026-01-31 09:30", ""], "order_date")
    assert len(notes) == 1
    assert "orders!A2" in notes[0]


@pytest.mark.parametrize(
    "text",
    [
        *("46053", "2026-02-30", "31.13.2026", "32/01/2026", "2026-13-01", "13/13/2026", "abc"),
        *("2026-01-31 25:00", "2026-01-31 12:banana", "12:30", ":", "10111213", "5 Foo 2026"),
        *("=TODAY()", "2026", "2026-01/31", "0026-01-31", "²026-01-31"),
    ],
)
def test_what_is_no_date_stays_text(text: str) -> None:
    assert dates("2026-01-31", text, "") == [date(2026, 1, 31), text, None]


@given(
    st.lists(st.dates(date(1950, 1, 1), date(2049, 12, 31)), max_size=50),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %b %Y"]),
    st.sampled_from(["", " 08:30", "T23:59:59Z"]),
)
def test_dates_survive_any_way_of_writing(days: list[date], way: str, time: str) -> None:
    days.append(date(2026, 1, 31))  # decides
    assert dates(*(day.strftime(way) + time for day in days)) == days


@given(st.text("0123456789/-. Janury年月日", max_size=14))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    assert all(isinstance(day, date) for day in readings(text).values())


@given(st.lists(st.text("0123456789.,-+()%€$' eE", max_size=8), max_size=8))
def test_every_cell_is_a_number_or_its_own_text(texts: list[str]) -> None:
    try:
        column, _ = read(texts)
    except InputError as error:
        assert error.key in ("decimal_unclear", "decimal_mixed", "dash_unclear")  # noqa: PT017
        return
    for cell, text in zip(column, texts, strict=True):
        assert cell == text or isinstance(cell, float)
        assert not (isinstance(cell, float) and np.isnan(cell)) or not text.strip()


# tables


def test_only_columns_of_numbers_and_dates_change() -> None:
    cells = [["007", "=1+1"], ["2026-01-31", "bad"], ["1,5", "x"], ["Yes", "No"], ["5", "6"]]
    headers = ["Customer id", "Order date", "Amount net", "Is refund", "Own"]
    raw = RawTable(headers, cells, Place("orders"))
    index = {"customer_id": 0, "order_date": 1, "amount_net": 2, "is_refund": 3}
    table, _ = typed(raw, index)
    assert [table.columns[at] for at in (0, 3, 4)] == [cells[0], cells[3], cells[4]]
    read_back = read_table(table, ORDERS)
    assert list(read_back.values("customer_id")) == ["007", "=1+1"]
    assert read_back.values("amount_net")[0] == 1.5
    assert [fault.cell for fault in read_back.faults] == ["orders!B3", "orders!C3"]


def test_a_column_wanted_as_two_kinds_stays_text() -> None:
    raw = RawTable(["Code"], [["5", "6"]])
    table, _ = typed(raw, {"order_id": 0, "amount_net": 0})
    assert table.columns[0] == ["5", "6"]


def test_a_late_day_does_not_move_the_days_before() -> None:
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(40)]
    assert dates(*(f"{day:%m/%d/%Y}" for day in days)) == days
