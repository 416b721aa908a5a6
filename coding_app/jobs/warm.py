"""One child process kept between jobs, so that a model that is in its memory need not be loaded again."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coding_app.jobs.child import Child, ChildCrashedError, crash_sentence
from coding_app.jobs.child_side import OVER

IDLE_SECONDS = 300.0


class Warm:
    """At most one child that serves its parent (child_side.serve_parent); close it in the end.

    After an answer the child stays for idle_seconds. It is used again by work of the same key (what it has
    loaded) and ended by work of another one, when it waits too long, when an answer is not heard to its end,
    and by close. One piece of work at a time.
    """

    def __init__(self, module: str, log: Path, idle_seconds: float = IDLE_SECONDS) -> None:
        self._module = module
        self._log = log
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._kept: tuple[str, Child] | None = None
        self._timer: threading.Timer | None = None
        self._closed = False
        # Linux kills a child with the thread that started it, not with the process: this one stays
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="warm")

    @property
    def pid(self) -> int | None:
        """The process id of the child that waits for work, None when there is none."""
        with self._lock:
            return self._kept[1].pid if self._kept else None

    @contextmanager
    def work(
        self, key: str, request: dict[str, Any], on_tick: Callable[[], None]
    ) -> Iterator[Iterator[dict[str, Any]]]:
        """What the child says to one request. on_tick is called about twice a second and may raise to stop.

        Leaving the block before the answer is over ends the child. Listening raises ChildCrashedError when
        the child ends before.
        """
        answer = _Answer(self._taken(key), request, lambda: self._fresh(request))
        try:
            yield answer.messages(on_tick)
        finally:
            if answer.child is not None:
                self._keep(key, answer.child) if answer.is_over else answer.child.stop()

    def close(self) -> None:
        """Ends the waiting child; one that works is ended with its work."""
        with self._lock:
            self._closed = True
            self._end_kept()
        self._starter.shutdown()

    def _taken(self, key: str) -> Child | None:
        """The waiting child, when it holds what is needed; any other is ended."""
        with self._lock:
            if self._kept is None:
                return None
            kept_key, child = self._kept
            if kept_key != key or not child.alive:
                self._end_kept()
                return None
            self._forget_kept()
            return child

    def _fresh(self, request: dict[str, Any]) -> Child:
        return self._starter.submit(Child, self._module, request, self._log).result()

    def _keep(self, key: str, child: Child) -> None:
        with self._lock:
            if self._closed:
                child.stop()
                return
            self._kept = (key, child)
            self._timer = threading.Timer(self._idle_seconds, self._end_idle, (child,))
            self._timer.daemon = True
            self._timer.start()

    def _end_idle(self, child: Child) -> None:
        with self._lock:
            if self._kept is not None and self._kept[1] is child:
                self._end_kept()

    def _end_kept(self) -> None:
        if self._kept is not None:
            self._kept[1].stop()
        self._forget_kept()

    def _forget_kept(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._kept = self._timer = None


class _Answer:
    """The answer to one request, by the child that was kept or, when that has died meanwhile, by a fresh one."""

    def __init__(self, kept: Child | None, request: dict[str, Any], fresh: Callable[[], Child]) -> None:
        self.child = kept
        self.is_over = False
        self._request = request
        self._fresh = fresh

    def messages(self, on_tick: Callable[[], None]) -> Iterator[dict[str, Any]]:
        if self.child is not None:
            self.child.ask(self._request)
            heard = False
            try:
                for message in self._of_child(self.child, on_tick):
                    heard = True
                    yield message
                return
            except ChildCrashedError:
                if heard:
                    raise
                self.child.stop()  # it had died while it waited: that is no fault of this work
        on_tick()
        self.child = self._fresh()
        yield from self._of_child(self.child, on_tick)

    def _of_child(self, child: Child, on_tick: Callable[[], None]) -> Iterator[dict[str, Any]]:
        for message in child.messages(on_tick):
            if message == OVER:
                self.is_over = True
                return
            yield message
        raise ChildCrashedError(crash_sentence(0))
