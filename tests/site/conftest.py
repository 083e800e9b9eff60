from __future__ import annotations

import pytest
from support import Site


@pytest.fixture(scope="module")
def make_site(tmp_path_factory):
    """Sites on which both programs run until the module's tests are through."""
    sites = []

    def make(*people, **settings):
        site = Site(tmp_path_factory.mktemp("site"), **settings)
        sites.append(site)
        site.make(*people)
        site.start()
        return site

    yield make
    for site in sites:
        site.stop()


@pytest.fixture(scope="module")
def site(make_site):
    """The one that most tests share; each test has a user of its own in it."""
    return make_site("ada", "bob", "cleo", "dora", "ed", "flo", "gus", "hal")
