"""What is kept between runs: indexes of originals.

container    a file of checksummed sections            columns      which arrays an analysed file has
index_file   trees -> index file                       stored       index file -> trees that decode on demand
"""

from __future__ import annotations

from simdetect.store.container import is_container
from simdetect.store.index_file import write_index
from simdetect.store.stored import StoredIndex, open_index

__all__ = ["StoredIndex", "is_container", "open_index", "write_index"]
