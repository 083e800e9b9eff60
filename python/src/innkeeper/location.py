"""IP address → place, from the files at GEOIP_PATH, which are opened once."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from . import _engine, conf

_LOOKED_AFTER = 10  # seconds after which the reader looks whether a file was replaced, and so do we


@lru_cache(maxsize=4)
def _reader(path: str, language: str) -> _engine.LocationReader:
    return _engine.LocationReader(path, language)


def find_location(ip: str | None) -> tuple[str, dict[str, Any]] | None:
    """Its text ("Lyon, France") and the dict of Django's GeoIP2.city(); None where no file knows the address."""
    if not ip or not conf.geoip_path():
        return None
    return _find(conf.geoip_path(), conf.geoip_language(), ip, int(time.monotonic() // _LOOKED_AFTER))


@lru_cache(maxsize=2048)
def _find(path: str, language: str, ip: str, _moment: int) -> tuple[str, dict[str, Any]] | None:
    return _reader(path, language).find(ip)
