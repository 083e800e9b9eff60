#!/usr/bin/env python3
"""The codec against Python itself: its json module, and Django's signing in the standard library alone.

Usage: payload_peer_test.py PATH-OF-payload_peer. The same random values on every run.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import string
import struct
import subprocess
import sys
import unittest
import zlib

VALUES = 6000
SALT = "django.contrib.sessions.SessionStore"
CURRENT_KEY, OLDER_KEY = "peer-current-key", "peer-older-key"
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)  # the codec keeps integers of any length


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


# Django's algorithm (django/core/signing.py), written again.


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signature(text: str, key: str) -> str:
    derived = hashlib.sha256((SALT + "signer" + key).encode()).digest()
    return b64(hmac.new(derived, text.encode(), hashlib.sha256).digest())


def django_dumps(value: object, key: str, time: int) -> str:
    data = compact(value).encode("latin-1")
    compressed = zlib.compress(data)
    text = "." + b64(compressed) if len(compressed) < len(data) - 1 else b64(data)
    stamp = ""
    while time:
        time, digit = divmod(time, 62)
        stamp = BASE62[digit] + stamp
    text += ":" + (stamp or "0")
    return text + ":" + signature(text, key)


def django_loads(signed: str) -> str:
    """The JSON text in it; Django's json.loads then reads it as latin-1."""
    text, given = signed.rsplit(":", 1)
    if not hmac.compare_digest(given, signature(text, CURRENT_KEY)):
        raise ValueError("bad signature")
    content, stamp = text.rsplit(":", 1)
    assert stamp and all(digit in BASE62 for digit in stamp)
    data = zlib.decompress(unb64(content[1:])) if content.startswith(".") else unb64(content)
    return data.decode("latin-1")


class RandomValues:
    """Values as wild as the json module can write, and texts as free as it can read."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self) -> str:
        kinds = (
            lambda: self.random.choice(string.printable),
            lambda: chr(self.random.randrange(0x100)),
            lambda: chr(self.random.randrange(0xD800, 0xE000)),  # lone surrogates, sometimes a pair
            lambda: chr(self.random.randrange(0x10000)),
            lambda: chr(self.random.randrange(0x10000, 0x110000)),
        )
        length = self.random.choice((0, 1, 3, 8, 8, 8, 400))
        return "".join(self.random.choice(kinds)() for _ in range(length))

    def float(self) -> float:
        bits: float = struct.unpack("<d", self.random.randbytes(8))[0]
        return self.random.choice(
            (
                bits,
                self.random.uniform(-1e3, 1e3),
                round(self.random.uniform(0, 1e6), self.random.randrange(5)),
                float(self.random.randrange(10**17)),
                10.0 ** self.random.randrange(-320, 309),
                2.0 ** self.random.randrange(-1074, 1024),
                0.0,
                -0.0,
            )
        )

    def value(self, depth: int = 0) -> object:
        scalars = (
            lambda: self.random.choice((None, True, False)),
            lambda: self.random.randrange(-(10**6), 10**6),
            lambda: self.random.randrange(-(10**300), 10**300),
            self.float,
            self.float,
            self.text,
            self.text,
        )
        containers = (lambda: self.list(depth), lambda: self.object(depth))
        return self.random.choice(scalars + containers if depth < 5 else scalars)()

    def list(self, depth: int) -> list[object]:
        return [self.value(depth + 1) for _ in range(self.random.randrange(5))]

    def object(self, depth: int = 0) -> dict[object, object]:
        keys = (self.text, self.text, lambda: self.random.choice((1, 2.5, None, True)))
        return {self.random.choice(keys)(): self.value(depth + 1) for _ in range(self.random.randrange(7))}

    def spelling(self, value: object) -> str:
        """One of the ways to write a value, on one line."""
        text = json.dumps(
            value,
            ensure_ascii=self.random.random() < 0.5,
            indent=self.random.choice((None, None, 0, 3, "\t")),
            separators=self.random.choice(((",", ":"), (" ,\t", " : "))),
        )
        text = text.replace("\n", "\r")  # strings hold none: these stand between the items
        if self.random.random() < 0.2:
            text = text.replace("/", "\\/").replace("e+", "E+")
        return text

    def spoiled(self, text: str) -> str:
        """The text with a character or two changed, taken away or doubled."""
        for _ in range(self.random.randrange(1, 3)):
            at = self.random.randrange(len(text) + 1)
            new = self.random.choice(("", "", *'{}[],:"\\0123456789.eE+-nuf \x00\x1f\x7fNI'))
            text = text[:at] + new + text[at + self.random.randrange(2) :]
        return text


def python_reading(text: str) -> str | None:
    try:
        return compact(json.loads(text))
    except ValueError:
        return None


class PayloadPeer(unittest.TestCase):
    program = ""

    def filter(self, what: str, lines: list[str]) -> list[str]:
        given = "".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass")
        done = subprocess.run([self.program, what], input=given, stdout=subprocess.PIPE, check=True)
        answers = done.stdout.decode("ascii").split("\n")[:-1]
        self.assertEqual(len(answers), len(lines))
        return answers

    def test_canonical_json_is_what_python_writes(self) -> None:
        values = RandomValues(1)
        lines = [values.spelling(values.value()) for _ in range(VALUES)]
        for line, answer in zip(lines, self.filter("canonical", lines), strict=True):
            self.assertEqual(answer, compact(json.loads(line)))

    def test_refuses_what_python_refuses_and_nothing_else(self) -> None:
        values = RandomValues(2)
        lines = [values.spoiled(compact(values.value())) for _ in range(VALUES)]
        lines = [line for line in lines if "\n" not in line]
        taken = 0
        for line, answer in zip(lines, self.filter("canonical", lines), strict=True):
            expected = python_reading(line)
            taken += expected is not None
            self.assertEqual(None if answer.startswith("!") else answer, expected, repr(line))
        self.assertGreater(taken, VALUES // 20)
        self.assertGreater(len(lines) - taken, VALUES // 20)

    def test_duplicate_names_are_what_python_makes_of_them(self) -> None:
        values = RandomValues(3)
        lines = []
        for _ in range(1000):
            names = [values.random.choice(("a", "b", "\\u0061", "c")) for _ in range(values.random.choice((3, 30)))]
            lines.append("{" + ",".join(f'"{name}":{compact(values.value(4))}' for name in names) + "}")
        for line, answer in zip(lines, self.filter("canonical", lines), strict=True):
            self.assertEqual(answer, compact(json.loads(line)))

    def test_what_is_written_here_is_read_by_djangos_algorithm(self) -> None:
        values = RandomValues(4)
        payloads = [values.object() for _ in range(VALUES)]
        lines = [values.spelling(payload) for payload in payloads]
        compressed = 0
        for line, signed in zip(lines, self.filter("sign", lines), strict=True):
            compressed += signed.startswith(".")
            self.assertEqual(django_loads(signed), compact(json.loads(line)))
            self.assertEqual(signed, django_dumps(json.loads(line), CURRENT_KEY, 1_700_000_000))
        self.assertGreater(compressed, VALUES // 20)
        self.assertGreater(len(lines) - compressed, VALUES // 20)

    def test_what_djangos_algorithm_writes_is_read_here(self) -> None:
        values = RandomValues(5)
        payloads = [values.object() for _ in range(VALUES)]
        lines = [
            django_dumps(payload, values.random.choice((CURRENT_KEY, OLDER_KEY)), values.random.randrange(2**40))
            for payload in payloads
        ]
        for payload, answer in zip(payloads, self.filter("open", lines), strict=True):
            # Keys such as 1 and "1" may meet in the text; reading keeps the last, as Python does.
            self.assertEqual(answer, compact(json.loads(compact(payload))))

    def test_what_another_key_signed_is_refused(self) -> None:
        values = RandomValues(6)
        lines = [django_dumps(values.object(), "another-key", 1_700_000_000) for _ in range(200)]
        for answer in self.filter("open", lines):
            self.assertEqual(answer, "!no key verifies the signature")


if __name__ == "__main__":
    PayloadPeer.program = sys.argv.pop()
    unittest.main()
