"""A copy of a workbook for readers without xlclv: our formulas as values, no macros, no links."""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from xlclv.errors import InputError
from xlclv.xlsx.files import free_names, save_under_free_name
from xlclv.xlsx.package import MAIN, Package

SUFFIX: Final = "-frozen"
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_M: Final = f"{{{MAIN}}}"
_QUOTED: Final = re.compile(r'"[^"]*"')
_OTHER_FILE: Final = re.compile(r"(?<![\w\]])'?[^'\[\]!,;()+*/&=<>^]*\[\d+\][^\[\]!]*!")
_MACRO: Final = re.compile(rb"<x:FmlaMacro>.*?</x:FmlaMacro>", re.DOTALL)
# Says whether a formula needs what the reader does not have.
Test = Callable[[str], bool]


def freeze(book: Path, names: Collection[str]) -> Path:
    """Write the copy beside the book, under a name that is free.

    Args:
        book: A saved workbook; it is only read.
        names: The functions whose formulas become values.

    Returns:
        The copy.

    Raises:
        InputError: The book cannot be read or the copy not written.
    """
    if not book.is_file():
        raise InputError("source_missing" if not book.exists() else "source_unreadable", path=book)
    is_frozen = frozen_by(names)
    with Package(book) as package:
        for sheet in package.sheets():
            if sheet.has_cells:
                _freeze_sheet(package, sheet.part, is_frozen)
        _cut_links(package, is_frozen)
        _take_out_macros(package)
        return save_under_free_name(free_names(book, SUFFIX, ".xlsx"), package.write)


def frozen_by(names: Collection[str]) -> Test:
    """Return the test whether a formula needs one of these functions or another file.

    >>> is_frozen = frozen_by(["CLV"])
    >>> is_frozen("SUM(A1)+CLV(B2,C2,3)"), is_frozen("[1]Sheet1!A1"), is_frozen('"CLV(" & A1')
    (True, True, False)
    """
    # However a host writes them.
    either = "|".join(map(re.escape, sorted(names)))
    ours = re.compile(rf"(?<![\w.])(?:_xldudf_|_xll\.)?(?:{either})\s*\(", re.IGNORECASE)

    def is_frozen(formula: str) -> bool:
        bare = _QUOTED.sub('""', formula)
        return bool(ours.search(bare) or _OTHER_FILE.search(bare))

    return is_frozen


def _freeze_sheet(package: Package, part: str, is_frozen: Test) -> None:
    root = package.tree(part)
    shared = {
        formula.get("si")
        for formula in root.iter(f"{_M}f")
        if formula.get("t") == "shared" and is_frozen(formula.text or "")
    }
    frozen = [
        cell
        for cell, formula in _formulas(root)
        if is_frozen(formula.text or "") or formula.get("si", "") in shared
    ]
    for cell in frozen:
        _freeze_cell(cell)
    if frozen:
        package.put(part, root)
        package.drop_calc_chain()
    for table in package.related(part, "table"):
        _freeze_table(package, table, is_frozen)


def _formulas(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    for cell in root.iter(f"{_M}c"):
        formula = cell.find(f"{_M}f")
        if formula is not None:
            yield cell, formula


def _freeze_cell(cell: etree._Element) -> None:
    """Leave the value that the formula had when the book was saved."""
    for formula in cell.findall(f"{_M}f"):
        cell.remove(formula)
    cell.attrib.pop("cm", "")  # that it spilled
    value = cell.find(f"{_M}v")
    if cell.get("t") == "str" and value is not None:  # only a formula may have this type
        cell.set("t", "inlineStr")
        cell.remove(value)
        text = etree.SubElement(etree.SubElement(cell, f"{_M}is"), f"{_M}t")
        text.text = value.text
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _freeze_table(package: Package, part: str, is_frozen: Test) -> None:
    """Forget the formula that a table gives to each new row."""
    root, changed = package.tree(part), False
    for column in root.iter(f"{_M}tableColumn"):
        for kind in ("calculatedColumnFormula", "totalsRowFormula"):
            for formula in column.findall(f"{_M}{kind}"):
                if is_frozen(formula.text or ""):
                    column.remove(formula)
                    changed = True
    if changed:
        package.put(part, root)


def _cut_links(package: Package, is_frozen: Test) -> None:
    """Take out the links to other files, and the names that lead there."""
    links = package.relationships(package.workbook)
    gone = [link for link in links if link.kind.endswith("/externalLink")]
    root = package.tree(package.workbook)
    for references in root.findall(f"{_M}externalReferences"):
        root.remove(references)
    for name in list(root.iter(f"{_M}definedName")):
        parent = name.getparent()
        if parent is not None and is_frozen(name.text or ""):
            parent.remove(name)
    for names in root.findall(f"{_M}definedNames"):
        if not len(names):
            root.remove(names)
    for link in gone:
        if not link.external:
            package.remove(link.target)
    package.put_relationships(package.workbook, [link for link in links if link not in gone])
    package.put(package.workbook, root)


def _take_out_macros(package: Package) -> None:
    """Make a workbook without macros of one with them."""
    for owner, kind in ((package.workbook, "/vbaProject"), ("", "/ui/extensibility")):
        links = package.relationships(owner)
        gone = [link for link in links if link.kind.endswith(kind)]
        for link in gone:
            for part in (*package.reach(link.target), link.target):
                package.remove(part)
        if gone:
            package.put_relationships(owner, [link for link in links if link not in gone])
    for part in list(package.parts()):
        if part.endswith(".vml"):
            package.put(part, _MACRO.sub(b"", package.read(part)))
    types = package.tree("[Content_Types].xml")
    for entry in types.iterchildren():
        if entry.get("PartName") == f"/{package.workbook}":
            entry.set("ContentType", WORKBOOK_TYPE)
    package.put("[Content_Types].xml", types)
