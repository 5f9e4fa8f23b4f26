"""Hypothesis profiles for the whole suite, and the marker for tests that are too long for every run."""

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# Tests compare what pytest prints: where these are set, it cuts nothing off.
for name in ("CI", "BUILD_NUMBER"):
    os.environ.pop(name, None)

# Every run draws the same examples: a change is judged by itself, not by luck.
settings.register_profile("ci", derandomize=True, max_examples=50, deadline=None, database=None)
# By night luck is welcome; slow draws are no failure there.
settings.register_profile(
    "nightly",
    derandomize=False,
    max_examples=5_000,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests marked `nightly` unless the profile of that name is in force."""
    if settings.get_current_profile_name() == "nightly":
        return
    skip = pytest.mark.skip(reason="runs with HYPOTHESIS_PROFILE=nightly")
    for item in items:
        if item.get_closest_marker("nightly"):
            item.add_marker(skip)
