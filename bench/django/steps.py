"""What is timed of a session's life, in the same words for every package."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

from rows import CART, address
from sites import USER_AGENTS

KEYS = 1000  # sessions that loads go round
Timed = dict[str, float]


def clocked(call: Callable[[], object]) -> Timed:
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


class Steps:
    """Each method does `count` of one thing and says how long they took. What it needs beforehand is not timed."""

    def __init__(self, package: str, users: list[Any]) -> None:
        from importlib import import_module

        from django.conf import settings

        self.store: Any = import_module(settings.SESSION_ENGINE).SessionStore
        self.knows_clients = package not in ("django", "allauth")
        self.users = users
        self.numbers = itertools.count()
        self.keys: list[tuple[str, str, str]] = []
        for number in range(KEYS):
            store = self._signed_in(number)
            store.save()
            self.keys.append((store.session_key, USER_AGENTS[number % len(USER_AGENTS)], address(number)))
        self._walk = itertools.cycle(self.keys)
        self.load(KEYS)  # sessions in use: a cache that is filled by the first look has had it

    # One session

    def _new(self, number: int, key: str | None = None) -> Any:
        if not self.knows_clients:
            return self.store(key)
        return self.store(key, user_agent=USER_AGENTS[number % len(USER_AGENTS)], ip=address(number))

    def _signed_in(self, number: int) -> Any:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

        user = self.users[number % len(self.users)]
        store = self._new(number)
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store["cart"] = CART
        return store

    def _some(self, count: int) -> Iterator[tuple[str, str, str]]:
        return itertools.islice(self._walk, count)

    # What is timed

    def load(self, count: int) -> Timed:
        """A store made as the middleware makes it, and its first look at a member."""
        some, store = list(self._some(count)), self.store
        if self.knows_clients:

            def run() -> None:
                for key, user_agent, ip in some:
                    store(key, user_agent=user_agent, ip=ip)["_auth_user_id"]
        else:

            def run() -> None:
                for key, _, _ in some:
                    store(key)["_auth_user_id"]

        return clocked(run)

    def save(self, count: int) -> Timed:
        """A loaded session with one member changed."""
        stores = [self._loaded(*some) for some in self._some(count)]
        return self._each(stores, lambda store: store.save())

    def create(self, count: int) -> Timed:
        """A signed-in session that had no row."""
        stores = [self._signed_in(next(self.numbers)) for _ in range(count)]
        return self._each(stores, lambda store: store.save())

    def flush(self, count: int) -> Timed:
        """Signing out."""
        return self._each(self._fresh(count), lambda store: store.flush())

    def cycle_key(self, count: int) -> Timed:
        """A new key for a session that goes on."""
        return self._each(self._fresh(count), lambda store: store.cycle_key())

    def _loaded(self, key: str, user_agent: str, ip: str) -> Any:
        store = self.store(key, user_agent=user_agent, ip=ip) if self.knows_clients else self.store(key)
        store["last"] = next(self.numbers)
        return store

    def _fresh(self, count: int) -> list[Any]:
        stores = []
        for _ in range(count):
            number = next(self.numbers)
            new = self._signed_in(number)
            new.save()
            loaded = self._new(number, new.session_key)
            loaded["last"] = number
            stores.append(loaded)
        return stores

    def _each(self, stores: list[Any], act: Callable[[Any], object]) -> Timed:
        def run() -> None:
            for store in stores:
                act(store)

        return clocked(run)


def statements(act: Callable[[int], object]) -> list[str]:
    """What reaches the database while `act` does one, as Django counts it: with BEGIN and COMMIT, without triggers."""
    global clocked
    seen: list[str] = []

    def listen(call: Callable[[], object]) -> Timed:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            call()
        seen.extend(query["sql"][:60] for query in queries)
        return {}

    timer, clocked = clocked, listen
    try:
        act(1)
    finally:
        clocked = timer
    return seen
