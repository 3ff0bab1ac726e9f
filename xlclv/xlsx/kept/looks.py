"""Formats that a user gave to cells of ours: told from ours property by property."""

from collections.abc import Collection, Hashable
from copy import deepcopy
from functools import cache
from typing import Final

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS

from xlclv.xlsx.package import MAIN
from xlclv.xlsx.styles import StyleList, whole

_M: Final = f"{{{MAIN}}}"
# The properties of a cell format: the attribute that numbers each, and the list it is in.
_LISTED: Final = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_APPLIED: Final = {
    "fontId": "applyFont",
    "fillId": "applyFill",
    "borderId": "applyBorder",
    "numFmtId": "applyNumberFormat",
    "alignment": "applyAlignment",
    "protection": "applyProtection",
}
_FALSE: Final = {"0", "false"}
Facts = dict[str, Hashable]


class Looks:
    """The cell formats of a book.

    Args:
        styles: Root of its style sheet; formats may be added to it.
    """

    def __init__(self, styles: etree._Element) -> None:
        self.formats = StyleList(styles, "cellXfs")
        self._lists = {
            key: list(found.iterchildren("*"))
            if (found := styles.find(f"{_M}{name}")) is not None
            else []
            for key, name in _LISTED.items()
        }
        codes = styles.iterfind(f"{_M}numFmts/{_M}numFmt")
        self._codes = {entry.get("numFmtId", ""): entry.get("formatCode", "") for entry in codes}
        self.facts = cache(self._facts)
        self.joined = cache(self._joined)

    def _facts(self, number: int) -> Facts:
        """Return what a format says of each property, however a program wrote it."""
        entry = self.formats.like(number)
        found: Facts = {
            key: _SAID[key](entries[at]) if (at := whole(entry.get(key))) < len(entries) else None
            for key, entries in self._lists.items()
        }
        code = entry.get("numFmtId", "0")
        text = self._codes.get(code) or BUILTIN_FORMATS.get(whole(code), "General")
        found["numFmtId"] = text.replace("\\", "").casefold()
        found["alignment"] = _alignment(entry.find(f"{_M}alignment"))
        found["protection"] = _protection(entry.find(f"{_M}protection"))
        return found

    def foreign(self, number: int, ours: Collection[int]) -> tuple[str, ...]:
        """Return the properties of a format that no format of ours has so."""
        facts, known = self.facts(number), [self.facts(one) for one in ours]
        return tuple(key for key, fact in facts.items() if all(one[key] != fact for one in known))

    def signals(self, number: int, colours: Collection[str]) -> bool:
        """Say whether a format shows a state in a colour of ours."""
        fill = self.facts(number)["fillId"]
        return isinstance(fill, tuple) and isinstance(fill[-1], tuple) and fill[-1][0] in colours

    def _joined(self, new: int, old: int, kept: tuple[str, ...]) -> int:
        """Return a format like the new one, with some properties of the old one."""
        entry, source = self.formats.like(new), self.formats.like(old)
        for key in kept:
            if key in ("alignment", "protection"):
                for element in entry.findall(f"{_M}{key}"):
                    entry.remove(element)
                found = source.find(f"{_M}{key}")
                if found is not None:
                    place = 0 if key == "alignment" else len(entry.findall(f"{_M}alignment"))
                    entry.insert(place, deepcopy(found))
            else:
                entry.set(key, source.get(key, "0"))
            entry.set(_APPLIED[key], "1")
        return self.formats.add(entry)


def _flag(entry: etree._Element, name: str) -> bool:
    found = entry.find(f"{_M}{name}")
    return found is not None and found.get("val", "1") not in _FALSE


def _colour(entry: etree._Element | None) -> Hashable:
    if entry is None or entry.get("auto"):
        return None
    tint = float(entry.get("tint") or 0)
    return entry.get("rgb", "").upper(), entry.get("theme"), entry.get("indexed"), round(tint, 3)


def _font(entry: etree._Element) -> Hashable:
    name, size = entry.find(f"{_M}name"), entry.find(f"{_M}sz")
    flags = tuple(_flag(entry, flag) for flag in ("b", "i", "strike"))
    line = entry.find(f"{_M}u")
    return (
        None if name is None else name.get("val"),
        None if size is None else float(size.get("val") or 0),
        flags,
        None if line is None or line.get("val") == "none" else line.get("val", "single"),
        _colour(entry.find(f"{_M}color")),
    )


def _fill(entry: etree._Element) -> Hashable:
    pattern = entry.find(f"{_M}patternFill")
    if pattern is None:
        return tuple(etree.tostring(child, method="c14n") for child in entry)
    kind = pattern.get("patternType", "none")
    return kind, None if kind == "none" else _colour(pattern.find(f"{_M}fgColor"))


def _border(entry: etree._Element) -> Hashable:
    sides = []
    for side in ("left", "right", "top", "bottom", "diagonal"):
        found = entry.find(f"{_M}{side}")
        style = "none" if found is None else found.get("style", "none")
        colour = None if found is None or style == "none" else _colour(found.find(f"{_M}color"))
        sides.append((style, colour))
    return tuple(sides)


def _alignment(entry: etree._Element | None) -> Hashable:
    if entry is None:
        return ("general", "bottom", False, 0, 0)
    return (
        entry.get("horizontal", "general"),
        entry.get("vertical", "bottom"),
        entry.get("wrapText", "0") not in _FALSE,
        whole(entry.get("indent")),
        whole(entry.get("textRotation")),
    )


def _protection(entry: etree._Element | None) -> Hashable:
    if entry is None:
        return (True, False)
    return entry.get("locked", "1") not in _FALSE, entry.get("hidden", "0") not in _FALSE


_SAID: Final = {"fontId": _font, "fillId": _fill, "borderId": _border}
