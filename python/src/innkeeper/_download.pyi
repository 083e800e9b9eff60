"""Fetching the files that tell where an address is; what it promises stands in src/location/download.h."""

from collections.abc import Callable

def download(
    directory: str,
    license_key: str = "",
    base_url: str | None = None,
    edition: str = "GeoLite2-City",
    direct_url: str = "",
    ca_file: str = "",
    progress: Callable[[int, int], object] | None = None,
) -> bool: ...
