"""The process's engines: one without a cache, one with the site's, made when they are first needed."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from . import _engine, conf
from .host import Database
from .signals import Dispatcher

_log = logging.getLogger("innkeeper")
_lock = threading.Lock()
_engines: dict[bool, _engine.Engine] = {}
# An engine may still be wanted by a function that waits for a commit; after a fork its locks may be held for ever.
_retired: list[_engine.Engine] = []
_clock: _engine.Clock | None = None  # the machine's, but in a site's tests: see testing.py


def get_engine(*, cached: bool) -> _engine.Engine:
    engine = _engines.get(cached)
    if engine is None:
        with _lock:
            engine = _engines.get(cached)
            if engine is None:
                engine = _engines[cached] = make_engine(cached=cached, clock=_clock)
    return engine


def site_engine() -> _engine.Engine:
    """The engine of SESSION_ENGINE: for what ends or lists sessions outside a request."""
    return get_engine(cached=site_has_cache())


def site_has_cache() -> bool:
    """Whether SESSION_ENGINE reads sessions from a cache."""
    from django.contrib.sessions.backends.base import SessionBase
    from django.utils.module_loading import import_string

    from .backends.base import SessionStore

    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    return issubclass(store, SessionStore) and store.cached


def make_engine(*, cached: bool, clock: _engine.Clock | None = None) -> _engine.Engine:
    """The engine; without a cache where the native one can't be used, as in the C++ program."""
    try:
        return _make_engine(_cache() if cached else None, clock)
    except _engine.CacheError as error:
        _log.warning("no cache, every request asks the database: %s", error)
        return _make_engine(None, clock)


def _make_engine(cache: tuple[Any, Any] | None, clock: _engine.Clock | None) -> _engine.Engine:
    try:
        return _engine.Engine(conf.engine_settings(), Database(), cache, clock, Dispatcher())
    except _engine.ConfigError as error:
        raise ImproperlyConfigured(str(error)) from error


def _cache() -> tuple[Any, Any]:
    return conf.native_cache() or (caches, settings.SESSION_CACHE_ALIAS)


def forget_engines(**_: Any) -> None:
    """After a fork, and where a test changes settings."""
    global _lock
    _lock = threading.Lock()
    _retired.extend(_engines.values())
    _engines.clear()


@contextmanager
def use_clock(clock: _engine.Clock) -> Iterator[None]:
    """For tests: every engine of the process goes by this clock."""
    global _clock
    before, _clock = _clock, clock
    forget_engines()
    try:
        yield
    finally:
        _clock = before
        forget_engines()


_settings_that_matter = ("SECRET_KEY", "AUTH_USER_MODEL", "CACHES")


def _on_setting_changed(*, setting: str, **_: Any) -> None:
    if setting.startswith(("SESSION_", "INNKEEPER_", *_settings_that_matter)):
        forget_engines()


setting_changed.connect(_on_setting_changed)
os.register_at_fork(after_in_child=forget_engines)
