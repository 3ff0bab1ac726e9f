"""What a wheel says of its origin: the address of the repository it is built from.

XLCLV_HOME names it; on GitHub it is known. Without it a wheel has no addresses, which is right
for one that nobody publishes.
"""

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(r"(!?)\[([^]]*)\]\((?!https?:|#)([^)]+)\)")


def home() -> str:
    """Return the address of the repository, "" where it is not known."""
    server, name = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    known = f"{server}/{name}" if server and name else ""
    return os.environ.get("XLCLV_HOME", known).rstrip("/")


def absolute(readme: str, address: str, version: str) -> str:
    """Let the links and pictures of the README lead to the repository, at this version.

    >>> absolute("[a](docs/a.md) ![b](c.png)", "https://example.org/x", "1.0")
    '[a](https://example.org/x/blob/v1.0/docs/a.md) ![b](https://example.org/x/raw/v1.0/c.png)'
    """

    def led(found: re.Match[str]) -> str:
        kind = "raw" if found[1] else "blob"
        return f"{found[1]}[{found[2]}]({address}/{kind}/v{version}/{found[3]})"

    return LINK.sub(led, readme)


class Origin(MetadataHookInterface):
    """Adds the addresses and the README."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in what pyproject.toml leaves open."""
        address = home()
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        if address:
            metadata["urls"] = {
                "Homepage": address,
                "Documentation": f"{address}/tree/main/docs",
                "Changelog": f"{address}/blob/main/CHANGELOG.md",
                "Issues": f"{address}/issues",
                "Security": f"{address}/security/policy",
            }
            text = absolute(text, address, metadata["version"])
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
