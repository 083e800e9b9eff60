"""SESSION_FEED_SAVES: several machines on one database, with a native cache each."""

from __future__ import annotations

import json

import pytest

from innkeeper import _engine, engines
from innkeeper.models import EndedSession

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def machines(settings, tmp_path):
    """Makes the engines of two machines, and the clock that both go by."""

    def make(feed_saves):
        settings.SESSION_FEED_SAVES = feed_saves
        clock = _engine.ManualClock()
        made = []
        for name in ("here", "there"):
            settings.INNKEEPER_CACHE = tmp_path / name
            made.append(engines.make_engine(cached=True, clock=clock))
        return *made, clock

    yield make
    engines.forget_engines()


def save(engine, row, **data):
    assert row.replace(json.dumps(data).encode())
    engine.save(row)
    return row.key


@pytest.mark.parametrize("feed_saves", [False, True])
def test_a_save_reaches_the_other_machine_within_a_second_where_the_site_says_so(machines, feed_saves):
    here, there, clock = machines(feed_saves)
    key = save(here, _engine.Session(), cart=1)
    assert there.load(key, True)[1] == here.load(key, True)[1] == {"cart": 1}
    save(here, here.open(key), cart=2)
    clock.advance(1)
    assert here.load(key, True)[1] == {"cart": 2}
    assert there.load(key, True)[1] == {"cart": 2 if feed_saves else 1}
    assert EndedSession.objects.count() == 0, "the history is people's"


def test_the_feed_keeps_of_a_session_the_last_minutes_saves_alone(machines):
    here, _, clock = machines(True)
    key = save(here, _engine.Session(), cart=0)
    for minute in range(3):
        save(here, here.open(key), cart=minute)
        save(here, here.open(key), cart=minute + 1)
        clock.advance(61)
    assert EndedSession._base_manager.filter(reason="changed").count() == 2
