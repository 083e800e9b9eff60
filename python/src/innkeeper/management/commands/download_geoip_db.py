from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from innkeeper import _download, _engine, conf
from innkeeper.arguments import hide_argument

_EDITIONS = {"city": "GeoLite2-City", "country": "GeoLite2-Country"}


class Command(BaseCommand):
    help = "Fetch the GeoIP files that tell where an address is: checked, and put in their place by one rename."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ("-k", "--license-key", "--maxmind-license-key")  # the last is qsessions'
        parser.add_argument(*names, default="", help="MaxMind's key (better: MAXMIND_LICENSE_KEY)")
        parser.add_argument("-u", "--maxmind-geoip-download-base-url", dest="base_url", help="another server's address")
        parser.add_argument("-p", "--path", help="the folder for the files (default: GEOIP_PATH)")
        parser.add_argument("-e", "--edition", action="append", help="City, Country or an edition's name; repeatable")
        parser.add_argument("--url", default="", help="this .mmdb, .mmdb.gz or .tar.gz instead, without a key")
        parser.add_argument("--ca-file", default="", help="certificates to check the server by")

    def handle(self, **options: Any) -> None:
        key = self._license_key(options["license_key"])
        if not key and not options["url"]:
            raise CommandError(
                "MAXMIND_LICENSE_KEY is not set. MaxMind gives one for free "
                "(https://www.maxmind.com/en/geolite2/signup); or name a file that needs none by --url, such as DB-IP's (https://db-ip.com/db/lite.php)."
            )
        folder = self._folder(options["path"])
        editions = ["City"] if options["url"] else options["edition"] or ["City", "Country"]
        for edition in editions:
            name = _EDITIONS.get(edition.lower(), edition)
            try:
                replaced = _download.download(
                    folder, key, options["base_url"], name, options["url"], options["ca_file"]
                )
            except _engine.Error as error:
                raise CommandError(str(error)) from None
            label = "the file" if options["url"] else name
            said = "is in place" if replaced else "is as new as the server's"
            self.stdout.write(f"{label} {said} in {folder}")

    def _license_key(self, given: str) -> str:
        if given:
            hide_argument(given, sys.argv)
        from_settings = getattr(settings, "MAXMIND_LICENSE_KEY", "")
        return given or os.environ.get("MAXMIND_LICENSE_KEY", "") or from_settings

    def _folder(self, given: str | None) -> str:
        path = Path(given or conf.geoip_path())
        if not given and not conf.geoip_path():
            raise CommandError("Where to? Set GEOIP_PATH, or say -p FOLDER.")
        if not given and path.suffix == ".mmdb":
            path = path.parent
        return str(path)
