"""What is kept between runs: indexes of originals, and a cache of what the per-file stages found.

container      a file of checksummed sections           columns        which arrays an analysed file has
index_file     trees -> index file                      posting_lists  where hashes and texts are, as it stores them
index_reader   index file -> arrays of its files        index_lookup   where wanted things stand in it
stored_tree    trees that decode on demand              stored_index   index file -> such trees
cache          one SQLite file                          entry          one analysed file in it
shelf          indexes by key in the cache folder       shard          one range of the hashes of a corpus
atomic         files written whole or not at all
"""

from __future__ import annotations

from simdetect.store.atomic import replacing, sweep, sweep_folder, write_text, write_whole
from simdetect.store.cache import Cache, CacheInfo, default_cache_folder
from simdetect.store.columns import FileParts
from simdetect.store.container import is_container
from simdetect.store.index_file import write_index
from simdetect.store.index_lookup import upper_hashes
from simdetect.store.shard import open_shard, write_shard
from simdetect.store.shelf import Shelf
from simdetect.store.stored_index import StoredIndex, open_index

__all__ = [
    "Cache",
    "CacheInfo",
    "FileParts",
    "Shelf",
    "StoredIndex",
    "default_cache_folder",
    "is_container",
    "open_index",
    "open_shard",
    "replacing",
    "sweep",
    "sweep_folder",
    "upper_hashes",
    "write_index",
    "write_shard",
    "write_text",
    "write_whole",
]
