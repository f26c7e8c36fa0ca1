"""One writer for several threads: every call to the store waits its turn."""

import threading
from typing import Any, cast

from mirror_db.store import Store


class _Guarded:
    """A store behind a lock; calls are whole transactions, so their order between repositories does not matter."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._store, name)
        if not callable(value):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                return value(*args, **kwargs)

        return call


def guarded(store: Store) -> Store:
    """Give `store` in a form that threads may share."""
    return cast(Store, _Guarded(store))
