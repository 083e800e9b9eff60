#!/usr/bin/env python3
"""Writes the demo's location file: the documentation ranges, in small pieces, put into real cities.

    tools/make_demo_mmdb.py data/demo/demo-city.mmdb

192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 (RFC 5737) are cut into pieces of 8 addresses, 2001:db8::/32
(RFC 3849) into pieces of /39. The pieces go round the cities of demo_cities.tsv, so that each city has at least one.
As in real files, of one piece (203.0.113.240/29) only the country is known, and of the last (203.0.113.248/29)
nothing. The schema is that of GeoLite2-City; city and country names are in English, German, Spanish, French and
Persian. Positions are those of the city, as any atlas has them.
"""

import ipaddress
import itertools
import pathlib
import sys

from mmdb_writer import Writer

HERE = pathlib.Path(__file__).resolve().parent
LANGUAGES = ["de", "en", "es", "fr", "fa"]
CONTINENTS = {
    "AF": ["Afrika", "Africa", "África", "Afrique", "آفریقا"],
    "AS": ["Asien", "Asia", "Asia", "Asie", "آسیا"],
    "EU": ["Europa", "Europe", "Europa", "Europe", "اروپا"],
    "NA": ["Nordamerika", "North America", "Norteamérica", "Amérique du Nord", "آمریکای شمالی"],
    "OC": ["Ozeanien", "Oceania", "Oceanía", "Océanie", "اقیانوسیه"],
    "SA": ["Südamerika", "South America", "Sudamérica", "Amérique du Sud", "آمریکای جنوبی"],
}


def rows(name):
    """The lines of a table beside this script, without its heading."""
    for line in (HERE / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def named(*names):
    return dict(zip(LANGUAGES, names, strict=True))


def countries():
    """Code → the parts of a record that say the country."""
    found = {}
    for code, continent, union, en, de, es, fr, fa in rows("demo_countries.tsv"):
        country = {"iso_code": code, "names": named(de, en, es, fr, fa)}
        if union == "yes":
            country["is_in_european_union"] = True
        found[code] = {
            "continent": {"code": continent, "names": named(*CONTINENTS[continent])},
            "country": country,
        }
    return found


def cities():
    """A record for each city, in the order of the table."""
    parts = countries()
    for city, code, region, country, latitude, longitude, zone, de, es, fr, fa in rows("demo_cities.tsv"):
        record = {"city": {"names": named(de, city, es, fr, fa)}, **parts[country]}
        record["location"] = {
            "accuracy_radius": 20,
            "latitude": float(latitude),
            "longitude": float(longitude),
            "time_zone": zone,
        }
        if region:
            record["subdivisions"] = [{"iso_code": code, "names": {"en": region}}]
        yield record


def demo_file():
    writer = Writer("Innkeeper-Demo-City")
    writer.metadata["description"] = {"en": "Documentation addresses in real cities, for Innkeeper's demo"}
    writer.metadata["languages"] = LANGUAGES
    ranges = [("192.0.2.0/24", 29), ("198.51.100.0/24", 29), ("203.0.113.0/24", 29), ("2001:db8::/32", 39)]
    records = itertools.cycle(cities())
    for text, length in ranges:
        for piece in ipaddress.ip_network(text).subnets(new_prefix=length):
            if str(piece) not in ("203.0.113.240/29", "203.0.113.248/29"):
                writer.add(str(piece), next(records))
    writer.add("203.0.113.240/29", countries()["SE"])
    return writer.to_bytes()


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_bytes(demo_file())
