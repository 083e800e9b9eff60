"""A small writer of MMDB files: the demo's location file and those of the tests. Standard library only.

The format: https://maxmind.github.io/MaxMind-DB/. What is written depends on the input alone, so a file can be
checked byte for byte. Values are dict, list, str, bool, float (a double), int (uint16, uint32 or uint64, by its
size) and the classes below.
"""

import ipaddress
import struct

MARKER = b"\xab\xcd\xefMaxMind.com"


class Float32(float):
    """Written as a 4-byte float."""


class Uint32(int):
    """Written as a uint32, however small."""


class Uint64(int):
    """Written as a uint64, however small."""


class Raw(bytes):
    """Written as it is: for files that are meant to be broken."""


def head(kind, size):
    """The control byte or bytes of a value."""
    if size < 29:
        low, more = size, b""
    elif size < 285:
        low, more = 29, bytes([size - 29])
    elif size < 65821:
        low, more = 30, struct.pack(">H", size - 285)
    else:
        low, more = 31, (size - 65821).to_bytes(3, "big")
    if kind > 7:
        return bytes([low, kind - 7]) + more
    return bytes([kind << 5 | low]) + more


def pointer(target):
    """A pointer to an offset of the data section."""
    if target < 2048:
        return bytes([0x20 | target >> 8, target & 0xFF])
    target -= 2048
    if target < 1 << 19:
        return bytes([0x28 | target >> 16]) + (target & 0xFFFF).to_bytes(2, "big")
    target -= 526336 - 2048
    return bytes([0x30 | target >> 24]) + (target & 0xFFFFFF).to_bytes(3, "big")


class Data:
    """The data section: what was written once is pointed to the next time."""

    def __init__(self, share=True):
        self.bytes = bytearray()
        self.share = share
        self.places = {}

    def add(self, value):
        """Writes a record (or finds it) and returns its offset."""
        key = repr(value)
        if self.share and key in self.places:
            return self.places[key]
        start = len(self.bytes)
        self.put(value)
        return start

    def put(self, value):
        """Writes a value where we are, as a pointer where that is shorter."""
        worth = isinstance(value, (dict, list)) or (isinstance(value, str) and len(value) > 2)
        key = repr(value)
        if self.share and worth and key in self.places:
            self.bytes += pointer(self.places[key])
            return
        if worth:
            self.places[key] = len(self.bytes)
        self.put_inline(value)

    def put_inline(self, value):
        if isinstance(value, Raw):
            self.bytes += value
        elif isinstance(value, str):
            text = value.encode("utf-8", "surrogatepass")
            self.bytes += head(2, len(text)) + text
        elif isinstance(value, bool):
            self.bytes += head(14, int(value))
        elif isinstance(value, Float32):
            self.bytes += head(15, 4) + struct.pack(">f", value)
        elif isinstance(value, float):
            self.bytes += head(3, 8) + struct.pack(">d", value)
        elif isinstance(value, int):
            number = value.to_bytes((value.bit_length() + 7) // 8, "big")
            kind = 5 if len(number) <= 2 else 6 if len(number) <= 4 else 9
            kind = 6 if isinstance(value, Uint32) else 9 if isinstance(value, Uint64) else kind
            self.bytes += head(kind, len(number)) + number
        elif isinstance(value, dict):
            self.bytes += head(7, len(value))
            for name, member in value.items():
                self.put(name)
                self.put(member)
        else:
            self.bytes += head(11, len(value))
            for element in value:
                self.put(element)


class Writer:
    """Collects networks with their records; IPv4 networks of a version 6 file stand under ::/96."""

    def __init__(self, database_type, ip_version=6, record_size=24, build_epoch=1767225600, share=True):
        self.ip_version = ip_version
        self.record_size = record_size
        self.nodes = [[None, None]]
        self.data = Data(share)
        self.metadata = {
            "binary_format_major_version": 2,
            "binary_format_minor_version": 0,
            "build_epoch": Uint64(build_epoch),
            "database_type": database_type,
            "description": {"en": database_type},
            "ip_version": ip_version,
            "languages": ["en"],
        }

    def add(self, network, record):
        """Later networks go over earlier ones; none may lie inside another one's piece."""
        network = ipaddress.ip_network(network)
        bits = 32 if self.ip_version == 4 else 128
        length = network.prefixlen + (bits - network.max_prefixlen)
        self.add_offset(int(network.network_address), bits, length, self.data.add(record))

    def add_offset(self, address, bits, length, offset):
        node = 0
        for depth in range(length - 1):
            side = address >> (bits - 1 - depth) & 1
            following = self.nodes[node][side]
            if following is None:
                following = len(self.nodes)
                self.nodes[node][side] = following
                self.nodes.append([None, None])
            node = following
        self.nodes[node][address >> (bits - length) & 1] = ("data", offset)

    def record(self, side):
        if side is None:
            return len(self.nodes)
        if isinstance(side, tuple):
            return len(self.nodes) + 16 + side[1]
        return side

    def tree(self):
        out = bytearray()
        for left, right in self.nodes:
            left, right = self.record(left), self.record(right)
            if self.record_size == 28:
                out += (left & 0xFFFFFF).to_bytes(3, "big")
                out += bytes([left >> 24 << 4 | right >> 24])
                out += (right & 0xFFFFFF).to_bytes(3, "big")
            else:
                out += left.to_bytes(self.record_size // 8, "big")
                out += right.to_bytes(self.record_size // 8, "big")
        return bytes(out)

    def to_bytes(self):
        values = dict(self.metadata)
        values.setdefault("node_count", Uint32(len(self.nodes)))
        values.setdefault("record_size", self.record_size)
        tail = Data(share=False)
        tail.put_inline(dict(sorted(values.items())))
        return self.tree() + bytes(16) + bytes(self.data.bytes) + MARKER + bytes(tail.bytes)
