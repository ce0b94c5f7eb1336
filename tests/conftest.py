"""Settings of all tests, and a cache folder of their own, so that none reads or fills the user's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long one example takes says more about what else the machine does than about the code.
settings.register_profile("simdetect", deadline=None)
settings.load_profile("simdetect")


@pytest.fixture(autouse=True, scope="session")
def _cache_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["SIMDETECT_CACHE_DIR"] = str(Path(tmp_path_factory.mktemp("cache")))
