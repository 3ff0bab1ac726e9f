"""The registry refuses, on import, what some spreadsheet would not take."""

import inspect

import pytest
from numpy.typing import ArrayLike

from tests.examples import made
from xlclv.example import Example
from xlclv.registry import (
    LONGEST_ARGUMENTS,
    LONGEST_HELP,
    VBA_KEYWORDS,
    Function,
    refuse_clashes,
    refuse_names,
)
from xlclv.terms import TERMS, FloatArray, Frame, Term


def answer_by_row(avg_value: ArrayLike, margin: ArrayLike = 1) -> FloatArray:
    """Say something short.

    And then more.
    """
    raise NotImplementedError


def answer_once(values: FloatArray, top: float = 0.2, unit: str = "years") -> float:
    """Say something short."""
    raise NotImplementedError


def answer_table(values: FloatArray, first_certain: bool = True) -> Frame:  # noqa: FBT001, FBT002
    """Say something short."""
    raise NotImplementedError


@pytest.mark.parametrize("name", ["CLV", "CLV_A", "CLV_TIER_2", "CLV_X9", "CLV_ABC123"])
def test_a_name_that_fits_everywhere_is_taken(name: str) -> None:
    refuse_names([name])
    assert made(name, answer_once).name == name


@pytest.mark.parametrize(
    "name",
    ["CLV1", "RFM5", "NPS2", "A1", "clv", "Clv", "CLV_a", "CLV_", "CLV_1", "CLV-X", "TIER", ""],
)
def test_a_name_that_is_a_cell_or_does_not_fit_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name for a function"):
        refuse_names([name])
    with pytest.raises(ValueError, match="no name for a function"):
        made(name, answer_once)


def test_an_unknown_argument_is_refused() -> None:
    def compute(luck: float) -> float:
        """Say something short."""
        return luck

    with pytest.raises(ValueError, match=r"CLV_X: luck is no term; define it in xlclv/terms"):
        made("CLV_X", compute)


@pytest.mark.parametrize(("length", "fits"), [(0, False), (1, True), (255, True), (256, False)])
def test_help_fits_into_a_function_wizard(length: int, fits: bool) -> None:  # noqa: FBT001
    def compute(margin: float) -> float:
        return margin

    compute.__doc__ = f"{'x' * length}\n\nMore." if length else ""
    assert LONGEST_HELP == 255
    if fits:
        assert len(made("CLV_X", compute).help) == length
    else:
        with pytest.raises(ValueError, match=f"help has {length} characters"):
            made("CLV_X", compute)


def with_arguments(names: list[str]) -> object:
    def compute() -> float:
        """Say something short."""
        return 0.0

    compute.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names],
        return_annotation=float,
    )
    return compute


@pytest.mark.parametrize(("length", "fits"), [(254, True), (255, False)])
def test_argument_names_fit_together(
    monkeypatch: pytest.MonkeyPatch,
    length: int,
    fits: bool,  # noqa: FBT001
) -> None:
    names = ["a" * 100, "b" * 100, "c" * (length - 202)]
    for name in names:
        monkeypatch.setitem(TERMS, name, Term(""))
    assert (LONGEST_ARGUMENTS, len(",".join(names))) == (254, length)
    if fits:
        assert len(made("CLV_X", with_arguments(names)).arguments) == 3  # type: ignore[arg-type]
    else:
        with pytest.raises(ValueError, match="arguments are too long together"):
            made("CLV_X", with_arguments(names))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("compute", "shape"),
    [(answer_by_row, "rows"), (answer_once, "one"), (answer_table, "table")],
)
def test_the_shape_follows_from_what_is_returned(compute: object, shape: str) -> None:
    assert made("CLV_X", compute).shape == shape  # type: ignore[arg-type]


def test_a_group_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="CLV_X: words/en has no text for the group luck"):
        Function("CLV_X", answer_once, "luck", Example((1.0,), 1.0))


@pytest.mark.parametrize("given", [(), (1.0, 2.0, "years", 4.0)])
def test_an_example_hands_over_what_is_needed_and_no_more(given: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=f"its example hands over {len(given)} arguments"):
        Function("CLV_X", answer_once, "value", Example(given, 1.0))


def test_headers_is_the_last_argument_where_it_is_wanted() -> None:
    function = made("CLV_X", answer_table, headers=True)
    last = function.arguments[-1]
    assert (last.name, last.required, last.default) == ("headers", False, True)


def test_help_is_the_first_paragraph() -> None:
    assert made("CLV_X", answer_by_row).help == "Say something short."


@pytest.mark.parametrize(
    ("compute", "usage"),
    [
        (answer_by_row, "CLV_X(avg_value, [margin=1])"),
        (answer_once, 'CLV_X(values, [top=20%], [unit="years"])'),
        (answer_table, "CLV_X(values, [first_certain=TRUE])"),
    ],
)
def test_usage_shows_optional_arguments_with_their_default(compute: object, usage: str) -> None:
    assert made("CLV_X", compute).usage == usage  # type: ignore[arg-type]


def test_names_equal_but_for_case_clash() -> None:
    function = made("CLV_X", answer_once)
    with pytest.raises(ValueError, match="CLV_X stands in the list twice"):
        refuse_clashes([function, function])


@pytest.mark.parametrize("name", ["currency", "date", "type", "Date", "caller", "next"])
def test_a_reserved_word_of_vba_is_no_argument(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert name.casefold() in VBA_KEYWORDS
    monkeypatch.setitem(TERMS, name, Term(""))
    function = made("CLV_X", with_arguments([name]))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"argument {name} is a reserved word of VBA"):
        refuse_clashes([function])


def test_arguments_equal_but_for_case_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("horizon_t", "horizon_T"):
        monkeypatch.setitem(TERMS, name, Term(""))
    one = made("CLV_X", with_arguments(["horizon_t"]))  # type: ignore[arg-type]
    other = made("CLV_Y", with_arguments(["horizon_T"]))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="VBA cannot tell"):
        refuse_clashes([one, other])
    refuse_clashes([one, made("CLV_Y", with_arguments(["horizon_t"]))])  # type: ignore[arg-type]
