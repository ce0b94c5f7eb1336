"""What every test needs: settings, a scanner, a cache folder of its own, so that no test uses the user's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from simdetect import Scanner, ScanOptions

# How long one example takes says more about what else the machine does than about the code.
settings.register_profile("simdetect", deadline=None)
settings.load_profile("simdetect")


@pytest.fixture(autouse=True, scope="session")
def _cache_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["SIMDETECT_CACHE_DIR"] = str(Path(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    """One with the settings of a user who sets none, shared by the tests of a module."""
    with Scanner(ScanOptions()) as made:
        yield made
