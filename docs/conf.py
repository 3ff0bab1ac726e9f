"""How the pages become a site: `make docs`."""

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

from xlclv import __version__

project = "xlclv"
author = "The xlclv authors"
project_copyright = "2026, The xlclv authors"
version = release = __version__
extensions = ["myst_parser"]
myst_heading_anchors = 3
exclude_patterns = ["_site"]
html_theme = "furo"
html_title = "xlclv"
nitpicky = True


def setup(app: Sphinx) -> None:
    """Show a file of commas as it is."""
    app.add_lexer("csv", TextLexer)
