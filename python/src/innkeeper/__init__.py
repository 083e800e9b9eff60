"""Sessions with an owner, a device and a place, on the engine that C++ programs share."""

__version__ = "0.1.0"
