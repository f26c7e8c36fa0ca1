"""One connection for several threads: every call to a store waits its turn."""

import threading
from typing import Any, cast

from mirror_db.store import Store


class _Guarded:
    """A store behind a lock; calls are whole transactions, so their order between repositories does not matter."""

    def __init__(self, store: Store, lock: threading.Lock) -> None:
        self._store = store
        self._lock = lock

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._store, name)
        if not callable(value):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                return value(*args, **kwargs)

        setattr(self, name, call)  # the next call of this name finds it without coming here
        return call


def guarded(store: Store, lock: threading.Lock) -> Store:
    """Give `store` in a form whose calls hold `lock`: the stores of one connection share one."""
    return cast(Store, _Guarded(store, lock))
