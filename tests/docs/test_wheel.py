"""What a published wheel says of its origin: hatch_build.py, with only hatchling imitated."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType, SimpleNamespace

import pytest

from tests.docs.paper import ROOT, links, text_of

HOME = "https://example.org/them/xlclv"


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    interface = "hatchling.metadata.plugin.interface"
    stub = SimpleNamespace(MetadataHookInterface=object)
    monkeypatch.setitem(sys.modules, interface, stub)  # type: ignore[arg-type]
    for name in ("XLCLV_HOME", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def metadata(hook: ModuleType) -> dict[str, object]:
    made = hook.Origin()
    made.root = str(ROOT)
    said: dict[str, object] = {"version": "1.2"}
    made.update(said)
    return said


def test_a_wheel_that_nobody_publishes_has_no_address(hook: ModuleType) -> None:
    said = metadata(hook)
    assert "urls" not in said
    assert said["readme"] == {"content-type": "text/markdown", "text": text_of("README.md")}


@pytest.mark.parametrize("by", ["name", "host"])
def test_a_published_one_leads_back(
    by: str, hook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "name":
        monkeypatch.setenv("XLCLV_HOME", f"{HOME}/")
    else:
        monkeypatch.setenv("GITHUB_SERVER_URL", "https://example.org")
        monkeypatch.setenv("GITHUB_REPOSITORY", "them/xlclv")
    said = metadata(hook)
    urls, readme = said["urls"], said["readme"]
    assert isinstance(urls, dict)
    assert isinstance(readme, dict)
    assert all(url.startswith(HOME) for url in urls.values())
    assert {"Homepage", "Documentation", "Changelog", "Issues", "Security"} == set(urls)
    led = links(readme["text"])
    assert led
    assert all(link.startswith((f"{HOME}/blob/v1.2/", f"{HOME}/raw/v1.2/")) for link in led)
    assert f"{HOME}/raw/v1.2/docs/summary.png" in led
