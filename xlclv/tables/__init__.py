"""The tables of the product: which columns they have, and how a range with headers becomes one."""

from xlclv.tables.headers import match_headers, missing, names_of, own_title, plain, title, titles
from xlclv.tables.places import Place, RawTable
from xlclv.tables.read import read_table
from xlclv.tables.remembered import remembered
from xlclv.tables.specs import (
    ARGUMENT_TABLES,
    CUSTOMERS,
    FEEDBACK,
    FIT,
    LEDGER,
    ORDERS,
    REWARDS,
    RULES,
    SCHEMA,
    SPECS,
    TIERS,
    TableSpec,
)
from xlclv.tables.table import Fault, Table

__all__ = [
    "ARGUMENT_TABLES",
    "CUSTOMERS",
    "FEEDBACK",
    "FIT",
    "LEDGER",
    "ORDERS",
    "REWARDS",
    "RULES",
    "SCHEMA",
    "SPECS",
    "TIERS",
    "Fault",
    "Place",
    "RawTable",
    "Table",
    "TableSpec",
    "match_headers",
    "missing",
    "names_of",
    "own_title",
    "plain",
    "read_table",
    "remembered",
    "title",
    "titles",
]
