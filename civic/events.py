"""Tells listeners in this process what has changed, after it has been committed.

Topics are ``"<kind>:<id>"`` of the subject of an act, such as ``"ballot:12"``. Between processes on
PostgreSQL, `civic.db` relays them with LISTEN/NOTIFY.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

_listeners: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
BACKLOG = 100


def publish(topic: str, act: str) -> None:
    """Tell everybody who listens to ``topic`` that ``act`` happened. A slow listener loses the oldest."""
    for queue in _listeners.get(topic, ()):
        if queue.full():
            queue.get_nowait()
        queue.put_nowait(act)


@contextmanager
def listening(topic: str) -> Iterator[asyncio.Queue[str]]:
    """A queue that receives the names of acts on ``topic`` while the block lasts."""
    queue: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
    _listeners[topic].add(queue)
    try:
        yield queue
    finally:
        _listeners[topic].discard(queue)
        if not _listeners[topic]:
            del _listeners[topic]


async def subscribe(topic: str) -> AsyncIterator[str]:
    """The names of acts on ``topic``, as they are committed."""
    with listening(topic) as queue:
        while True:
            yield await queue.get()
