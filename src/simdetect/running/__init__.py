"""Who does the work: processes that a hostile file can stall or crash at the cost of that file alone, and many tasks on
this machine or on a cluster. Nothing here knows what it runs: functions and tasks come from above.

There are two ways to run something. A `WorkerPool` runs small tasks that may be hostile, with hard limits of time and
memory, in processes that have given up what they do not need. `Workers` run large tasks, which may use a pool each, on
whatever there is, and report those whose worker was lost.

    pool        a pool and its callers               worker      a process seen from here
    messages    what travels between them            process     what a process does
    isolation   what a process gives up              executors   the one loop over many large tasks
    cluster     the executor of a Dask cluster
"""

from __future__ import annotations

from simdetect.running.cluster import cluster_executor
from simdetect.running.executors import Lost, Workers
from simdetect.running.messages import Failure
from simdetect.running.pool import WorkerPool, shared_pool

__all__ = ["Failure", "Lost", "WorkerPool", "Workers", "cluster_executor", "shared_pool"]
