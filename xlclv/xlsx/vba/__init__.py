"""The part of a workbook that holds its VBA, written from source: MS-OVBA inside MS-CFB."""
