"""How many examples property tests try, which tests are slow, which run beside each other."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, max_examples=60)
settings.register_profile("quick", deadline=None, max_examples=10)
settings.register_profile(
    "fuzz", deadline=None, max_examples=5_000, suppress_health_check=list(HealthCheck)
)
settings.load_profile("default")

# Rooms whose tests compute much or call every function of every host.
SLOW = (
    *("reading/figures", "reading/several", "refresh", "rewards", "segments", "models"),
    *("hosts", "words", "contributing", "docs"),
)


@pytest.hookimpl(tryfirst=True)  # before xdist, which reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one worker, for they share fixtures; those of Calc in another.

    One worker starts one private LibreOffice, so that no two of them ever meet.
    """
    office = {item.path for item in items if "libreoffice" in getattr(item, "fixturenames", ())}
    for item in items:
        group = item.path.as_posix()
        if any(f"/tests/{room}/" in group for room in SLOW):
            item.add_marker(pytest.mark.slow)
        if item.path in office:
            group = "Calc"
            item.add_marker(pytest.mark.slow)
        item.add_marker(pytest.mark.xdist_group(group))
