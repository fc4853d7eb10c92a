"""Scan a stream of records: one result for every record, in order, over any number of processes."""

import gc
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from convscan.conversation import Conversation
from convscan.errors import ConvscanError
from convscan.finding import ScanResult
from convscan.readers.base import BadRecord, Record
from convscan.scanner import Scanner

if TYPE_CHECKING:
    from concurrent.futures import Future

Scanned: TypeAlias = tuple[ScanResult, Conversation | None]

# Conversations that travel to a worker together: enough to make the trip worth it,
# few enough that all workers have some near the end.
CHUNK_RECORDS = 32
# Chunks under way per worker; more would only hold memory.
CHUNKS_AHEAD = 2


def scan_records(records: Iterable[Record], scanner: Scanner, *, jobs: int = 1) -> Iterator[Scanned]:
    """Scan records in order, in constant memory.

    Args:
        records: Conversations and records that could not be read.
        scanner: Used in this process; workers that are not forked build their own, with its settings and scopes.
        jobs: Processes; the output does not depend on it.

    Yields:
        The result of each record, and its conversation if it could be read.

    Raises:
        ConvscanError: If a worker process dies.
    """
    if jobs <= 1:
        return ((scanner.scan_record(record), _conversation(record)) for record in records)
    return _scan_in_processes(records, scanner, jobs)


def _scan_in_processes(records: Iterable[Record], scanner: Scanner, jobs: int) -> Iterator[Scanned]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    stream = iter(records)
    under_way: deque[tuple[list[Record], Future[list[ScanResult]]]] = deque()
    pool = ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(scanner,))
    try:
        while True:
            while len(under_way) < jobs * CHUNKS_AHEAD and (chunk := list(islice(stream, CHUNK_RECORDS))):
                under_way.append((chunk, pool.submit(_scan_chunk, chunk)))
            if not under_way:
                return
            chunk, future = under_way.popleft()
            for record, result in zip(chunk, future.result(), strict=True):
                yield result, _conversation(record)
    except BrokenProcessPool as error:
        raise ConvscanError(
            "a worker process died (out of memory, perhaps); use fewer --jobs to find the record that is to blame"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_worker: Scanner | None = None


def _start_worker(scanner: Scanner) -> None:
    """Keep this worker's scanner; an interrupt is for the parent to handle."""
    global _worker  # noqa: PLW0603 # a pool's worker has no other place to keep what it loaded
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = scanner
    gc.freeze()


def _scan_chunk(records: list[Record]) -> list[ScanResult]:
    if _worker is None:
        raise ConvscanError(f"worker {os.getpid()} was not started by the pool")
    return [_worker.scan_record(record) for record in records]


def _conversation(record: Record) -> Conversation | None:
    return None if isinstance(record, BadRecord) else record
