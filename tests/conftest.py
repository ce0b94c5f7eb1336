"""What every test needs: a cache folder of its own, so that no test reads or fills the user's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def _cache_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["SIMDETECT_CACHE_DIR"] = str(Path(tmp_path_factory.mktemp("cache")))
