"""What a spreadsheet function is: a name a user types and the sum it runs."""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_origin

from xlclv.example import Example, written
from xlclv.terms import TERMS, Term
from xlclv.words import has, word

# Never a cell address, as CLV1 is one.
NAME = re.compile(r"CLV(_[A-Z][A-Z0-9_]*)?$")
LONGEST_HELP = 255  # Excel cuts the help of a function and of an argument here
LONGEST_ARGUMENTS = 254  # and the names of all arguments together here
# Reserved words of VBA (MS-VBAL 3.3.5.2) that could be taken for the name of an argument.
_RESERVED = (
    "abs and any array as attribute boolean byref byte byval call case cdate cint clng "
    "close const currency date debug decimal declare dim do double each else empty end "
    "enum erase error event exit false fix for friend function get global goto if "
    "implements in input integer is let lib like line lock long loop me mod new next not "
    "nothing null object on open option optional or preserve print private property "
    "public put raise read redim rem resume return seek select set sgn shared single spc "
    "static step stop string sub tab then time to true type typeof unlock until variant "
    "wend while with write xor caller "
)
VBA_KEYWORDS = frozenset(_RESERVED.split())
Shape = Literal["rows", "table", "one"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument as a user sees it."""

    name: str
    term: Term
    required: bool
    default: object = None

    @property
    def is_table(self) -> bool:
        """Say whether it is a range with headers."""
        return self.term.kind == "table"

    @property
    def meaning(self) -> str:
        """Say what it means, in the language in use."""
        return self.term.meaning


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the list. Refuses, on import, what some spreadsheet would not take.

    Args:
        name: What a user types: CLV, CLV_TIER.
        compute: The sum. Its signature gives arguments and defaults, its docstring the help,
            and what it returns the shape: an array answers row by row ("rows"), a dict of
            columns spills ("table"), a number or text is one cell ("one").
        group: Key of its group in help and reference.
        says: Term of its answers, row by row, if they are codes.
        example: One call with what it must give, for the Examples tab, help, reference and tests.
        headers: The argument `headers`, after all others, says whether the result has a header
            row. What `compute` takes by keyword only came later and stands behind it, so that
            formulas written before keep their meaning.
    """

    name: str
    compute: Callable[..., Any]
    group: str
    example: Example
    headers: bool = False
    says: str = ""
    arguments: tuple[Argument, ...] = field(init=False)
    shape: Shape = field(init=False)

    def __post_init__(self) -> None:
        """Read the signature and check every name."""
        signature = inspect.signature(self.compute)
        given = signature.parameters.values()
        first = [each for each in given if each.kind is not inspect.Parameter.KEYWORD_ONLY]
        last = [each for each in given if each.kind is inspect.Parameter.KEYWORD_ONLY]
        arguments = tuple(_argument(self.name, each) for each in first)
        if self.headers:
            arguments += (Argument("headers", TERMS["headers"], required=False, default=True),)
        arguments += tuple(_argument(self.name, each) for each in last)
        object.__setattr__(self, "arguments", arguments)
        object.__setattr__(self, "shape", _shape(signature.return_annotation))
        refuse_names([self.name])
        if not has(f"groups.{self.group}"):
            raise ValueError(f"{self.name}: words/en has no text for the group {self.group}")
        required = sum(argument.required for argument in arguments)
        if not required <= len(self.example.given) <= len(arguments):
            raise ValueError(
                f"{self.name}: its example hands over {len(self.example.given)} arguments"
            )
        names = ",".join(argument.name for argument in arguments)
        if len(names) > LONGEST_ARGUMENTS:
            raise ValueError(f"{self.name}: the names of its arguments are too long together")
        if not 0 < len(self.help) <= LONGEST_HELP:
            raise ValueError(f"{self.name}: help has {len(self.help)} characters, 1 to 255 fit")

    @property
    def help(self) -> str:
        """Say in a few sentences what it returns, in the user's language."""
        key = f"help.{self.name.casefold()}"
        return word(key) if has(key) else self.told

    @property
    def told(self) -> str:
        """Return what the docstring says first, in English."""
        paragraphs = inspect.getdoc(self.compute) or ""
        return " ".join(paragraphs.split("\n\n", maxsplit=1)[0].split())

    @property
    def usage(self) -> str:
        """Write the call as the function list shows it.

        Optional arguments stand in brackets, with their default.
        """
        return f"{self.name}({', '.join(map(_usage, self.arguments))})"

    @property
    def reference(self) -> str:
        """Write the call of its example, as the example of another function may refer to it."""
        terms = (argument.term for argument in self.arguments)
        given = map(written, self.example.given, terms)
        return f"{self.name}({','.join(given)})"

    @property
    def formula(self) -> str:
        """Write the formula of its example, for one cell."""
        return self.example.formula(self.reference)


def _usage(argument: Argument) -> str:
    if argument.required:
        return argument.name
    default = argument.default
    if isinstance(default, bool):
        return f"[{argument.name}={str(default).upper()}]"
    if isinstance(default, float | int) and default < float("inf"):
        fraction = argument.term.unit == "fraction" and 0 < default < 1
        return f"[{argument.name}={default:.0%}]" if fraction else f"[{argument.name}={default:g}]"
    if isinstance(default, str) and default:
        return f'[{argument.name}="{default}"]'
    return f"[{argument.name}]"


def _argument(function: str, given: inspect.Parameter) -> Argument:
    if given.name not in TERMS:
        raise ValueError(f"{function}: {given.name} is no term; define it in xlclv/terms")
    required = given.default is inspect.Parameter.empty
    default = None if required else given.default
    return Argument(given.name, TERMS[given.name], required, default)


def _shape(returned: object) -> Shape:
    if get_origin(returned) is dict:
        return "table"
    return "one" if returned in (float, str, bool) else "rows"


def refuse_names(names: Iterable[str]) -> None:
    """Raise ValueError for a function name that Excel, VBA or LibreOffice would not take.

    >>> refuse_names(["CLV1"])
    Traceback (most recent call last):
    ValueError: CLV1 is no name for a function
    """
    for name in names:
        if not NAME.match(name):
            raise ValueError(f"{name} is no name for a function")


def refuse_clashes(functions: Iterable[Function]) -> None:
    """Raise ValueError for names VBA cannot use or cannot tell apart."""
    listed = list(functions)
    seen: set[str] = set()
    for name in (function.name for function in listed):
        if name.casefold() in seen:
            raise ValueError(f"{name} stands in the list twice")
        seen.add(name.casefold())
    spelling: dict[str, str] = {}
    for name in {argument.name for function in listed for argument in function.arguments}:
        if name.casefold() in VBA_KEYWORDS:
            raise ValueError(f"argument {name} is a reserved word of VBA")
        if spelling.setdefault(name.casefold(), name) != name:
            raise ValueError(f"VBA cannot tell {name} from {spelling[name.casefold()]}")
