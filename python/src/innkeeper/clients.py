"""What a row knows of the browser whose it is."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property

from .device import DeviceInfo, read_device
from .location import find_location


class OfAClient:
    """What is known of the browser whose row it is, and of where it is."""

    ip: Any
    user_agent: Any
    client_hints: Any

    @cached_property
    def device_info(self) -> DeviceInfo | None:
        return read_device(self.user_agent, self.client_hints) if self.user_agent else None

    @property
    def device(self) -> str | None:
        return self.device_info.text if self.device_info else None

    @cached_property
    def _place(self) -> tuple[str, dict[str, Any]] | None:
        return find_location(self.ip)

    @property
    def location(self) -> str:
        return self._place[0] if self._place else ""

    @property
    def location_info(self) -> dict[str, Any] | None:
        return self._place[1] if self._place else None

    @property
    def location_data(self) -> dict[str, Any] | None:
        """django-user-sessions-ng's name for location_info."""
        return self.location_info
