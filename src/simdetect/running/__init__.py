"""Who does the work: processes that a hostile file can stall or crash at the cost of that file alone, and many tasks on
this machine or on a cluster. Nothing here knows what it runs: functions and tasks come from above.

    pool        a pool and its callers               worker      a process seen from here
    messages    what travels between them            process     what a process does
    isolation   what a process gives up
    cluster     the executor of a Dask cluster
"""

from __future__ import annotations

from simdetect.running.cluster import cluster_executor
from simdetect.running.messages import Failure
from simdetect.running.pool import WorkerPool, shared_pool

__all__ = ["Failure", "WorkerPool", "cluster_executor", "shared_pool"]
