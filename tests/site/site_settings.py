"""The example site, with what a test wants otherwise: passwords that are checked at once, and SITE_SETTINGS."""

import json
import os

from inn.settings import *  # noqa: F403

ROOT_URLCONF = "site_urls"
PASSWORD_HASHERS = ["quick_hasher.QuickHasher"]
DEBUG = False
LOGGING_CONFIG = None
globals().update(json.loads(os.environ.get("SITE_SETTINGS", "{}")))
