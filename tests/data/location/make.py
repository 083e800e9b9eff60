#!/usr/bin/env python3
"""Writes the location files of the tests: both schemas, each family, and files that mean harm.

    tests/data/location/make.py FOLDER

The files beside this script are what it writes; a test holds it to that.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "tools"))

from mmdb_writer import MARKER, Float32, Raw, Uint32, Uint64, Writer, head, pointer  # noqa: E402

SWEDEN = {"iso_code": "SE", "names": {"de": "Schweden", "en": "Sweden"}, "is_in_european_union": True}
EUROPE = {"code": "EU", "names": {"de": "Europa", "en": "Europe"}}


def city():
    """The nested schema, IPv4 and IPv6 in one file."""
    writer = Writer("Test-City")
    linkoping = {
        "city": {"geoname_id": 2694762, "names": {"de": "Linköping", "en": "Linköping", "pt-BR": "Linkopinga"}},
        "continent": EUROPE,
        "country": SWEDEN,
        "location": {
            "accuracy_radius": 76,
            "latitude": 58.4167,
            "longitude": 15.6167,
            "metro_code": 807,
            "time_zone": "Europe/Stockholm",
        },
        "postal": {"code": "582 00"},
        "registered_country": {"iso_code": "NO", "names": {"en": "Norway"}},
        "subdivisions": [
            {"iso_code": "E", "names": {"en": "Östergötland County"}},
            {"iso_code": "X", "names": {"en": "A smaller part"}},
        ],
    }
    writer.add("89.160.20.0/24", linkoping)
    writer.add("2001:db8:1::/48", linkoping)
    writer.add("198.51.100.0/25", {"city": {"names": {"ja": "東京"}}})
    writer.add("198.51.100.128/25", {"country": SWEDEN, "continent": EUROPE})
    writer.add("203.0.113.0/25", {"location": {"latitude": 1.5}})
    writer.add("203.0.113.128/25", {"traits": {"is_anycast": True}})
    return writer.to_bytes()


def country():
    """A Country file: it knows an address that the City file knows better, and one that only it knows."""
    writer = Writer("Test-Country")
    writer.add("89.160.20.0/24", {"continent": EUROPE, "country": SWEDEN})
    writer.add("203.0.113.128/25", {"continent": EUROPE, "country": SWEDEN})
    return writer.to_bytes()


def flat_v4():
    """The flat schema of ip-location-db, IPv4 only."""
    writer = Writer("flat-city-ipv4", ip_version=4, record_size=28)
    record = {"city": "Lyon", "country_code": "FR", "latitude": Float32(45.75), "longitude": Float32(4.85)}
    record.update(
        {"postcode": "69001", "state1": "Auvergne-Rhône-Alpes", "state2": "Rhône", "timezone": "Europe/Paris"}
    )
    writer.add("198.51.100.0/24", record)
    return writer.to_bytes()


def flat_v6():
    """The flat schema as others name its fields, IPv6 only, numbers as text."""
    writer = Writer("flat-city-ipv6", record_size=32)
    record = {"city": "Lima", "country": "PE", "continent": "SA", "region": "Lima region", "region_code": "LMA"}
    record.update({"lat": "-12.05", "lng": "-77.04", "time_zone": "America/Lima", "zip_code": "15001"})
    writer.add("2001:db8:2::/48", record)
    return writer.to_bytes()


def odd():
    """Sound records with odd values."""
    writer = Writer("Odd-City")
    nowhere = {"latitude": 91.0, "longitude": float("nan"), "accuracy_radius": 1 << 40}
    writer.add("192.0.2.0/28", {"country": SWEDEN, "location": nowhere})
    writer.add("192.0.2.16/28", {"country": SWEDEN, "city": {"names": {"en": "Bad \ud800 text"}}})
    writer.add("192.0.2.32/28", {"country": SWEDEN, "city": {"names": {"en": "line\nbreak"}}})
    writer.add("192.0.2.48/28", {"country": SWEDEN, "city": {"names": {"en": "x" * 300}}})
    writer.add("192.0.2.64/28", {"country_code": "zz", "city": ["not", "a", "text"]})
    writer.add("192.0.2.80/28", {"country_code": "gb"})
    writer.add("192.0.2.96/28", "not a map")
    return writer.to_bytes()


def asn():
    """A file of another kind: no places."""
    writer = Writer("Test-ASN")
    writer.add("192.0.2.0/24", {"autonomous_system_number": 64496, "autonomous_system_organization": "Example"})
    return writer.to_bytes()


def nested(depth):
    """Arrays in arrays."""
    return Raw((head(11, 1) * depth) + head(11, 0))


def fan_out(start, levels):
    """Arrays of two pointers to the next: small in the file, 2 ** levels values to a reader that follows them."""
    out = bytearray()
    for _ in range(levels):
        size = len(head(11, 2)) + 2 * len(pointer(2047))
        out += head(11, 2) + pointer(start + len(out) + size) * 2
    return Raw(bytes(out) + head(11, 0))


def hostile(record=None, extra=None, metadata=None, tree=None):
    """A file with one network, 192.0.2.0/24, and something wrong."""
    writer = Writer("Hostile-City", share=False)
    writer.add("192.0.2.0/24", {"country": SWEDEN} if record is None else record)
    writer.metadata.update(metadata or {})
    if extra is not None:
        writer.data.put_inline(extra)
    if tree is not None:
        tree(writer)
    return writer.to_bytes()


def aim(target):
    """Makes the network's record in the tree say `target` records behind the last node."""

    def change(writer):
        for node in writer.nodes:
            for side in (0, 1):
                if isinstance(node[side], tuple):
                    node[side] = ("data", target)

    return change


def turn_round(writer):
    """Makes every node lead to the root."""
    writer.nodes = [[0, 0] for _ in writer.nodes]


def cut_metadata():
    whole = hostile()
    return whole[: whole.rindex(MARKER) + len(MARKER) + 20]


def fan_out_metadata():
    """The description is the bomb; its pointers count from the metadata's beginning."""
    whole = hostile(metadata={"zz": "y"})
    start = whole.rindex(MARKER) + len(MARKER)
    body = whole[start:].replace(b"description", b"descriptiox")
    body = body[: body.rindex(head(2, 2) + b"zz")] + head(2, 11) + b"description"
    body += head(7, 1) + head(2, 2) + b"en"
    return whole[:start] + body + fan_out(len(body), 40)


FILES = {
    "city.mmdb": city,
    "country.mmdb": country,
    "flat-v4.mmdb": flat_v4,
    "flat-v6.mmdb": flat_v6,
    "odd.mmdb": odd,
    "asn.mmdb": asn,
    "hostile/array-of-millions.mmdb": lambda: hostile({"city": Raw(head(11, 16_000_000))}),
    "hostile/deep.mmdb": lambda: hostile({"a": nested(150_000), "country": SWEDEN}),
    "hostile/fan-out.mmdb": lambda: hostile(Raw(head(7, 1) + head(2, 1) + b"a" + fan_out(3, 40))),
    "hostile/key-is-a-number.mmdb": lambda: hostile(Raw(head(7, 1) + head(5, 1) + b"\x01" + head(5, 0))),
    "hostile/pointer-beyond.mmdb": lambda: hostile(Raw(head(7, 1) + head(2, 4) + b"city" + pointer(1 << 24))),
    "hostile/pointer-in-a-circle.mmdb": lambda: hostile(Raw(head(7, 1) + head(2, 4) + b"city" + pointer(0))),
    "hostile/pointer-to-pointer.mmdb": lambda: hostile(Raw(head(7, 1) + head(2, 4) + b"city" + pointer(6))),
    "hostile/record-beyond.mmdb": lambda: hostile(tree=aim(1 << 20)),
    "hostile/record-in-the-gap.mmdb": lambda: hostile(tree=aim(-11)),
    "hostile/text-beyond.mmdb": lambda: hostile(Raw(head(7, 1) + head(2, 4) + b"city" + head(2, 16_000_000))),
    "hostile/tree-in-a-circle.mmdb": lambda: hostile(tree=turn_round),
    "hostile/wide-number.mmdb": lambda: hostile(Raw(head(7, 1) + head(2, 4) + b"city" + head(6, 20) + bytes(20))),
    "refused/cut-metadata.mmdb": cut_metadata,
    "refused/cut.mmdb": lambda: city()[:900],
    "refused/deep-metadata.mmdb": lambda: hostile(metadata={"a": nested(50_000)}),
    "refused/empty.mmdb": lambda: b"",
    "refused/fan-out-metadata.mmdb": fan_out_metadata,
    "refused/format-3.mmdb": lambda: hostile(metadata={"binary_format_major_version": 3}),
    "refused/ip-version-5.mmdb": lambda: hostile(metadata={"ip_version": 5}),
    "refused/no-tree.mmdb": lambda: hostile(metadata={"node_count": Uint32(0)}),
    "refused/not-a-database.mmdb": lambda: b"<html><body>Not found</body></html>\n",
    "refused/only-metadata.mmdb": lambda: hostile()[hostile().rindex(MARKER) :],
    "refused/tree-beyond.mmdb": lambda: hostile(metadata={"node_count": Uint32(0xFFFFFFFF)}),
    "refused/tree-larger-than-64-bits.mmdb": lambda: hostile(metadata={"node_count": Uint64(1 << 63)}),
    "refused/width-20.mmdb": lambda: hostile(metadata={"record_size": 20}),
}


if __name__ == "__main__":
    for name, make in FILES.items():
        target = pathlib.Path(sys.argv[1]) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(make())
