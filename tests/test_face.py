"""What `import xlclv` offers: all of its names, and nothing loaded before one is asked for."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import xlclv
from xlclv.columns import CellError

FACE = ast.parse(Path(xlclv.__file__).read_text(encoding="utf-8"))


def told_to_type_checkers() -> Iterator[tuple[str, str]]:
    """Yield each name with where it stands, as the imports for type checkers say."""
    (block,) = (node for node in FACE.body if isinstance(node, ast.If))
    for line in block.body:
        assert isinstance(line, ast.ImportFrom)
        for name in line.names:
            renamed = f":{name.name}" if name.asname else ""
            yield name.asname or name.name, f"{line.module}{renamed}"


def told_to_python() -> dict[str, str]:
    calls = (node for node in ast.walk(FACE) if isinstance(node, ast.Call))
    (homes,) = (call.args[1] for call in calls if isinstance(call.func, ast.Name))
    return dict(ast.literal_eval(homes))


def test_type_checkers_and_python_find_the_same() -> None:
    assert dict(told_to_type_checkers()) == told_to_python()
    assert sorted(xlclv.__all__) == sorted([*told_to_python(), "__version__"])


@pytest.mark.parametrize("name", xlclv.__all__)
def test_each_name_is_there(name: str) -> None:
    assert getattr(xlclv, name) is not None


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'clw'"):
        xlclv.clw  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    "code",
    ["import xlclv", "from xlclv.words import word", "import xlclv; dir(xlclv); xlclv.__all__"],
)
def test_importing_it_loads_nothing_large(code: str) -> None:
    large = ("numpy", "pandas", "scipy", "openpyxl", "xlsxwriter", "lxml", "click", "xlwings")
    program = f"{code}; import sys; print([name for name in {large} if name in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_a_function_is_called_by_its_name() -> None:
    assert xlclv.call("clv", 50, 2, [[3], [4]]) == [[300.0], [400.0]]
    with pytest.raises(xlclv.InputError, match="CLV_NONE"):
        xlclv.call("CLV_NONE")
    [[error]] = xlclv.call("CLV", -1, 2, 3)
    assert isinstance(error, CellError)
    assert "avg_value" in error.message
