"""Other people's readers of VBA projects, without the warnings of what they build on."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser, decompress_stream

__all__ = ["decompress_stream", "macros"]


def macros(project: bytes) -> dict[str, str]:
    """Return the text of every module of a project as olevba reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parser = VBA_Parser("vbaProject.bin", data=project)
        found = {name: text for _, _, name, text in parser.extract_macros()}
        parser.close()
    return found
