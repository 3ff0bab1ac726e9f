"""A lint of VBA: what the compiler of Office would refuse, as far as our own modules use VBA."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final


def _words(text: str) -> list[str]:
    return text.lower().split()


LONGEST_LINE, MOST_CONTINUATIONS, LONGEST_NAME = 1023, 24, 255
# Of MS-VBAL 3.3.5.2: these can name nothing.
RESERVED: Final = frozenset(
    _words(
        """abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte
    ccur cdate cdbl cdec cint clng clnglng clngptr close const csng cstr currency cvar cverr
    date debug decimal declare defbool dim do double doevents each else elseif empty end
    endif enum eqv erase event exit false fix for friend function get global gosub goto if
    imp implements in input inputb int integer is lbound len lenb let like line lock long
    longlong longptr loop lset me mod new next not nothing null object on open option
    optional or paramarray preserve print private property psettings public put raiseevent
    redim rem resume return rset scale seek select set sgn shared single spc static step
    stop string sub tab then to true type typeof ubound unlock until variant wend while with
    withevents write xor"""
    )
)
# What our modules use of VBA and Excel; anything else must be declared.
LIBRARY: Final = frozenset(
    _words(
        """Application ActiveWorkbook ThisWorkbook Workbook Workbooks Range CommandBars CreateObject
    Err InStr IsArray IsError Left Mid MsgBox Now Replace TypeName VarType Chr ChrW
    vbCritical vbExclamation vbOK vbOKCancel vbQuestion vbString xlWait
    xlCalculationManual
    xlErrDiv0 xlErrNA xlErrName xlErrNull xlErrNum xlErrRef xlErrValue Mac"""
    )
)
KEPT_WORDS: Final = frozenset(
    _words(
        """access alias append binary base compare database error explicit lib module output
    private random read text"""
    )
)
# The public procedures of the installed xlwings that our modules call.
OF_XLWINGS: Final = frozenset(("xlpy", "runpython"))

STRING: Final = re.compile(r'"(?:[^"]|"")*"')
WORD: Final = re.compile(r"[A-Za-z]\w*")
PROCEDURE: Final = re.compile(
    r"(Public|Private)\s+(Sub|Function)\s+(\w+)\s*\((.*)\)(?:\s+As\s+\w+)?$", re.IGNORECASE
)
DECLARED: Final = re.compile(
    r"(?:Optional\s+)?(?:ByVal\s+|ByRef\s+)?(\w+)(?:\(\))?\s+As\s+(\w+)", re.IGNORECASE
)
BLOCKS: Final = {
    "if": "end if",
    "select": "end select",
    "do": "loop",
    "for": "next",
}


@dataclass
class Procedure:
    """A procedure: its arguments with their declarations, and the statements in it."""

    name: str
    public: bool
    kind: str
    arguments: str
    statements: list[str] = field(default_factory=list)


@dataclass
class Source:
    """A module taken apart: whole statements without comments, procedures, module names."""

    name: str
    text: str
    faults: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)

    def __post_init__(self) -> None:
        current: Procedure | None = None
        for statement in self._statements():
            begun = PROCEDURE.match(statement)
            if begun:
                scope, kind, name, arguments = begun.groups()
                current = Procedure(name, scope.lower() == "public", kind.lower(), arguments)
                self.procedures.append(current)
            elif current and statement.lower() == f"end {current.kind}":
                current = None
            elif current:
                current.statements.append(statement)
            else:
                self.head.append(statement)
        if current:
            self.faults.append(f"{current.name} has no end")

    def _statements(self) -> Iterator[str]:
        whole, continued = "", 0
        for line in self.text.split("\n"):
            if len(line) > LONGEST_LINE:
                self.faults.append(f"a line of {len(line)} signs")
            code = _without_comment(line)
            if code.endswith(" _"):
                continued += 1
                whole += code[:-1].lstrip() if whole else code[:-1]
                continue
            if continued > MOST_CONTINUATIONS:
                self.faults.append(f"{continued} continuations")
            if STRING.sub("", code).count('"'):
                self.faults.append(f"a text without end: {code}")
            statement = (whole + code.lstrip() if whole else code).strip()
            whole, continued = "", 0
            if statement:
                yield statement


def _without_comment(line: str) -> str:
    bare = STRING.sub(lambda found: "x" * len(found[0]), line)
    return line[: bare.index("'")].rstrip() if "'" in bare else line.rstrip()


def lint(modules: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the modules of one project, given by name."""
    sources = [Source(name, text) for name, text in modules.items()]
    public = [p.name.lower() for each in sources for p in each.procedures if p.public]
    constants = {
        found[1].lower()
        for each in sources
        for statement in each.head
        if (found := re.match(r"Public\s+Const\s+(\w+)", statement))
    }
    faults = [f"{name} is public twice" for name in set(public) if public.count(name) > 1]
    shared = {*public, *constants, *(name.lower() for name in modules)}
    for source in sources:
        found = [*source.faults, *_faults(source, shared)]
        faults += [f"{source.name}: {fault}" for fault in found]
    return faults


def _faults(source: Source, shared: set[str]) -> Iterator[str]:
    if "option explicit" not in [statement.lower() for statement in source.head]:
        yield "no Option Explicit"
    if not source.text.isascii():
        yield "a sign that is not ASCII"
    own = {procedure.name.lower() for procedure in source.procedures}
    for statement in source.head:
        found = re.match(
            r"(?:Private|Public)\s+(?:Const\s+|WithEvents\s+)?(\w+)\s+As\s+\w+", statement
        )
        if found:
            own.add(found[1].lower())
        elif not statement.lower().startswith(("option", "attribute")):
            yield f"outside of all procedures: {statement}"
    names = [procedure.name.lower() for procedure in source.procedures]
    yield from (f"{name} stands twice" for name in set(names) if names.count(name) > 1)
    for procedure in source.procedures:
        for fault in _procedure_faults(procedure, own | shared):
            yield f"{procedure.name}: {fault}"


def _procedure_faults(procedure: Procedure, known: set[str]) -> Iterator[str]:
    declared = [name for name, _ in DECLARED.findall(procedure.arguments)]
    arguments = [part for part in procedure.arguments.split(",") if part.strip()]
    if len(declared) != len(arguments):
        yield "an argument without a type"
    labels = {found[1].lower() for s in procedure.statements if (found := re.match(r"(\w+):$", s))}
    for statement in procedure.statements:
        if statement.lower().startswith("dim "):
            declared += [name for name, _ in DECLARED.findall(statement[4:])]
    lowered = [name.lower() for name in declared]
    yield from (f"{name} is declared twice" for name in set(lowered) if lowered.count(name) > 1)
    yield from (f"{name} is reserved" for name in [*lowered, procedure.name.lower()]
                if name in RESERVED or len(name) > LONGEST_NAME)  # fmt: skip
    everything = known | set(lowered) | labels | LIBRARY | RESERVED | KEPT_WORDS | OF_XLWINGS
    for statement in procedure.statements:
        for name in _names(statement):
            if name.lower() not in everything:
                yield f"{name} is not declared"
    used = {name.lower() for statement in procedure.statements for name in _names(statement)}
    yield from (f"label {name} has no use" for name in labels if not _jumps(procedure, name))
    yield from (
        f"{name} has no use"
        for name in lowered
        if name not in used
        and not procedure.arguments.lower().startswith(("cancel", "control", "byval wb"))
    )
    yield from _block_faults(procedure)


def _jumps(procedure: Procedure, label: str) -> bool:
    pattern = re.compile(rf"(GoTo|Resume)\s+{label}\b", re.IGNORECASE)
    return any(map(pattern.search, procedure.statements))


def _names(statement: str) -> Iterator[str]:
    """Yield the names a statement uses, without members, named arguments and types."""
    bare = STRING.sub('""', statement).replace("$", "")
    bare = re.sub(r"\.\s*\w+", ".", bare)
    bare = re.sub(r"\b\w+:=", "", bare)
    bare = re.sub(r"&H[0-9A-F]+", "", bare)
    yield from WORD.findall(bare)


def _block_faults(procedure: Procedure) -> Iterator[str]:
    """Say which blocks are not closed in order."""
    waiting: list[str] = []
    for statement in procedure.statements:
        low = statement.lower()
        first = low.split()[0]
        if low.startswith("#"):
            waiting, fault = _directive(waiting, low)
            if fault:
                yield fault
        elif first in ("if", "select", "do", "for") and not _on_one_line(low):
            waiting.append(BLOCKS[first])
        elif low.startswith(("end if", "end select", "loop", "next")):
            closes = "next" if first == "next" else low if first == "end" else "loop"
            if not waiting or waiting.pop() != closes:
                yield f"{statement} closes nothing"
    yield from (f"{each} is missing" for each in waiting)


def _directive(waiting: list[str], low: str) -> tuple[list[str], str]:
    if low.startswith("#if"):
        return [*waiting, "#end if"], ""
    if low.startswith("#else"):
        return waiting, ""
    if waiting and waiting[-1] == "#end if" and low.startswith("#end if"):
        return waiting[:-1], ""
    return waiting, f"{low} closes nothing"


def _on_one_line(low: str) -> bool:
    return low.startswith("if ") and not low.endswith(" then")
