"""A VBA project from source text: the streams that MS-OVBA describes, in a compound file.

The project holds no compiled code. The version in `_VBA_PROJECT` says so, and Office compiles
the source when it opens the book.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack
from typing import Final, Literal

from xlclv.xlsx.vba.compound import compound_file
from xlclv.xlsx.vba.compression import compress

Kind = Literal["standard", "class", "workbook", "sheet"]

CODEC: Final = "cp1252"
CODE_PAGE: Final = 1252
NOT_COMPILED: Final = bytes.fromhex("cc61ffff000100")  # MS-OVBA 2.3.4.1
# The type a module extends: MS-OVBA 2.3.4.3, Attribute VB_Base. The two of Excel are the classes
# Workbook and Worksheet of its type library.
BASES: Final[dict[Kind, str]] = {
    "class": "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}",
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": "0{00020820-0000-0000-C000-000000000046}",
}
# The libraries Excel itself gives every new project beside VBA and its own.
REFERENCES: Final = {
    "stdole": "{00020430-0000-0000-C000-000000000046}#2.0#0"
    "#C:\\Windows\\System32\\stdole2.tlb#OLE Automation",
    "Office": "{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0"
    "#C:\\Program Files\\Common Files\\Microsoft Shared\\OFFICE16\\MSO.DLL"
    "#Microsoft Office 16.0 Object Library",
}
PROJECT_ID: Final = "{7E0BB4A2-6A5C-4C5B-9B0A-1D2F3C4E5A60}"  # fixed, so that equal is equal
SEED: Final = 0x8D  # of the encryption below; any byte
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}$")  # MS-VBAL 3.3.5.1, MS-OVBA 2.3.4.2.3.2.1
DESCRIPTION: Final = re.compile(r'^Attribute VB_Description = "(.*)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the project.

    Args:
        name: Its name; of a workbook or sheet its code name.
        source: Its text. Attribute lines that a module of its kind needs are added.
        kind: A standard module, a class, or the code behind the workbook or one of its sheets.
    """

    name: str
    source: str = ""
    kind: Kind = "standard"

    @property
    def text(self) -> str:
        r"""Return the text as the module stores it, lines ended by CR LF.

        >>> Module("Tools", "Option Explicit\n").text
        'Attribute VB_Name = "Tools"\r\nOption Explicit\r\n'
        """
        source = self.source.replace("\r\n", "\n")
        given, code = _split(source)
        lines = [f"Attribute {name} = {value}" for name, value in self._attributes(given).items()]
        return "\r\n".join([*lines, *code.split("\n")])

    @property
    def description(self) -> str:
        """Return what the module says about itself."""
        found = DESCRIPTION.search(self.source.replace("\r\n", "\n"))
        return found[1].replace('""', '"').replace("\\r\\n", "\r\n") if found else ""

    def _attributes(self, given: dict[str, str]) -> dict[str, str]:
        """Return the attributes in the order in which Office writes them: 2.3.4.3."""
        name = {"VB_Name": f'"{self.name}"'}
        if self.kind == "standard":
            return name | {key: value for key, value in given.items() if key not in name}
        document = self.kind != "class"
        usual = {
            "VB_Base": f'"{BASES[self.kind]}"',
            "VB_GlobalNameSpace": "False",
            "VB_Creatable": "False",
            "VB_PredeclaredId": str(document),
            "VB_Exposed": str(document),
            "VB_TemplateDerived": "False",
            "VB_Customizable": str(document),
        }
        return name | usual | {key: value for key, value in given.items() if key not in name}


def _split(source: str) -> tuple[dict[str, str], str]:
    """Part a source into the attributes at its head and the code; a class loses its preamble."""
    if source.startswith("VERSION 1.0 CLASS\n"):
        source = source.partition("\nEND\n")[2]
    attributes: dict[str, str] = {}
    while found := re.match(r"Attribute (VB_\w+) = (.*)(\n|$)", source):
        attributes[found[1]] = found[2]
        source = source[found.end() :]
    return attributes, source


def vba_project(modules: Sequence[Module], *, name: str = "VBAProject") -> bytes:
    """Return a vbaProject.bin of these modules: MS-OVBA 2.2.

    Args:
        modules: The workbook and every sheet first, in the order of the book, then all others.
        name: Of the project.

    Raises:
        ValueError: A name is none VBA takes, or stands there twice, or a text holds a sign that
            Windows code page 1252 lacks.
    """
    _refuse([name], "project")
    _refuse([module.name for module in modules], "module")
    streams: dict[str, bytes] = {
        "_VBA_PROJECT": NOT_COMPILED,
        "dir": compress(_dir(name, modules)),
    }
    streams |= {module.name: compress(_encoded(module.text)) for module in modules}
    return compound_file(
        {
            "VBA": streams,
            "PROJECT": _encoded(_project(name, modules)),
            "PROJECTwm": _names(modules),
        }
    )


def _refuse(names: Sequence[str], what: str) -> None:
    for name in names:
        if not NAME.match(name):
            raise ValueError(f"{name!r} is no name for a {what}")
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError(f"a {what} has the name of another")


def _encoded(text: str) -> bytes:
    return text.encode(CODEC)


# --- the dir stream: MS-OVBA 2.3.4.2 ----------------------------------------------------------


def _dir(name: str, modules: Sequence[Module]) -> bytes:
    information = [
        _record(0x01, pack("<I", 3)),  # PROJECTSYSKIND: 64-bit Windows
        _record(0x02, pack("<I", 0x409)),  # PROJECTLCID
        _record(0x14, pack("<I", 0x409)),  # PROJECTLCIDINVOKE
        _record(0x03, pack("<H", CODE_PAGE)),  # PROJECTCODEPAGE
        _record(0x04, _encoded(name)),  # PROJECTNAME
        _both(0x05, 0x40, ""),  # PROJECTDOCSTRING
        _record(0x06, b"") + _record(0x3D, b""),  # PROJECTHELPFILEPATH
        _record(0x07, bytes(4)),  # PROJECTHELPCONTEXT
        _record(0x08, bytes(4)),  # PROJECTLIBFLAGS
        pack("<HIIH", 0x09, 4, 1, 1),  # PROJECTVERSION; its size field does not count the minor
        _both(0x0C, 0x3C, ""),  # PROJECTCONSTANTS
    ]
    references = [_reference(*reference) for reference in REFERENCES.items()]
    count = _record(0x0F, pack("<H", len(modules))) + _record(0x13, b"\xff\xff")
    listed = [_module(module) for module in modules]
    return b"".join([*information, *references, count, *listed, _record(0x10, b"")])


def _record(number: int, content: bytes) -> bytes:
    return pack("<HI", number, len(content)) + content


def _both(number: int, wide_number: int, text: str) -> bytes:
    """Return a text in the code page and in UTF-16."""
    return _record(number, _encoded(text)) + _record(wide_number, text.encode("utf-16-le"))


def _reference(name: str, library: str) -> bytes:
    """Return a REFERENCENAME and a REFERENCEREGISTERED: 2.3.4.2.2.2, 2.3.4.2.2.5."""
    identifier = _encoded(f"*\\G{library}")
    registered = pack("<I", len(identifier)) + identifier + bytes(6)
    return _both(0x16, 0x3E, name) + _record(0x0D, registered)


def _module(module: Module) -> bytes:
    """Return a MODULE record: 2.3.4.2.3.2."""
    return b"".join(
        [
            _both(0x19, 0x47, module.name),  # MODULENAME, MODULENAMEUNICODE
            _both(0x1A, 0x32, module.name),  # MODULESTREAMNAME
            _both(0x1C, 0x48, module.description),  # MODULEDOCSTRING
            _record(0x31, bytes(4)),  # MODULEOFFSET: the source begins the stream
            _record(0x1E, bytes(4)),  # MODULEHELPCONTEXT
            _record(0x2C, b"\xff\xff"),  # MODULECOOKIE
            _record(0x21 if module.kind == "standard" else 0x22, b""),  # MODULETYPE
            _record(0x2B, b""),  # the end of the module
        ]
    )


# --- PROJECT and PROJECTwm: MS-OVBA 2.3.1, 2.3.3 ----------------------------------------------


def _project(name: str, modules: Sequence[Module]) -> str:
    lines = [
        f'ID="{PROJECT_ID}"',
        *map(_project_line, modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{encrypted(bytes(4))}"',  # 2.3.1.15: protected from nobody
        f'DPB="{encrypted(bytes(1))}"',  # 2.3.1.16: no password
        f'GC="{encrypted(bytes([0xFF]))}"',  # 2.3.1.17: visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return "\r\n".join([*lines, ""])


def _project_line(module: Module) -> str:
    if module.kind == "standard":
        return f"Module={module.name}"
    if module.kind == "class":
        return f"Class={module.name}"
    return f"Document={module.name}/&H00000000"


def _names(modules: Sequence[Module]) -> bytes:
    """Return each name in the code page and in UTF-16: 2.3.3."""
    pairs = (
        _encoded(module.name) + b"\0" + module.name.encode("utf-16-le") + b"\0\0"
        for module in modules
    )
    return b"".join(pairs) + b"\0\0"


def encrypted(data: bytes) -> str:
    """Return data as PROJECT stores it: MS-OVBA 2.4.3.2."""
    key = sum(_encoded(PROJECT_ID)) & 0xFF
    version = SEED ^ 0x02
    coded = [SEED, version, SEED ^ key]
    plain, before, last = key, version, SEED ^ key
    ignored = bytes((SEED & 0x06) // 2)
    for byte in ignored + pack("<I", len(data)) + data:
        sign = byte ^ (before + plain & 0xFF)
        coded.append(sign)
        plain, before, last = byte, last, sign
    return bytes(coded).hex().upper()
