"""Sessions in the database, read from the native cache or from CACHES[SESSION_CACHE_ALIAS]."""

from __future__ import annotations

from typing import ClassVar

from .base import CreateError, UpdateError
from .base import SessionStore as EngineStore

__all__ = ["CreateError", "SessionStore", "UpdateError"]


class SessionStore(EngineStore):
    cached: ClassVar[bool] = True
