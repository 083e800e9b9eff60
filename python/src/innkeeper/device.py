"""User-Agent and client hints → device, system, browser. The rules are compiled into the extension."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from . import _engine, conf


class UserAgent(NamedTuple):
    family: str | None
    major: str | None
    minor: str | None
    patch: str | None
    patch_minor: str | None


class OS(NamedTuple):
    family: str | None
    major: str | None
    minor: str | None
    patch: str | None
    patch_minor: str | None


class Device(NamedTuple):
    family: str | None
    brand: str | None
    model: str | None


class DeviceInfo(NamedTuple):
    """As ua-parser gives it, and what it is for people."""

    user_agent: UserAgent
    os: OS
    device: Device
    kind: str  # desktop, phone, tablet, bot, other
    text: str  # "K / Android 10 / Chrome Mobile 118.0.0.0"
    description: tuple[str, str, str]  # the engine's device::Description: form, browser, system

    @property
    def sentence(self) -> str:
        """For people, in the active language: "Chrome Mobile 118 on Android 10"."""
        form, browser, system = self.description
        if form == "browser on system":
            return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
        if form == "unknown browser on system":
            return _("Unknown browser on %(system)s") % {"system": system}
        if form == "unknown bot":
            return _("Unknown bot")
        return browser if form == "plain" else _("Unknown device")

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=1)
def _reader(rules: str) -> _engine.DeviceReader:
    return _engine.DeviceReader(rules)


def device_reader() -> _engine.DeviceReader:
    return _reader(conf.device_rules())


_TYPES = (DeviceInfo, UserAgent, OS, Device)


def read_device(user_agent: str, client_hints: str = "") -> DeviceInfo:
    return _read(conf.device_rules(), user_agent, client_hints)


@lru_cache(maxsize=2048)
def _read(rules: str, user_agent: str, client_hints: str) -> DeviceInfo:
    return _reader(rules).read(user_agent, client_hints, _TYPES)
