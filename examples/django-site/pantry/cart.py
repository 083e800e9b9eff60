"""The cart, in the session.

Each good is a member of its own, `cart:bread`: two tabs that add different goods at the same moment both win, since
saves are merged member by member. A cart that was one member, a dict of all goods, would be the later tab's.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.contrib.sessions.backends.base import SessionBase

from .goods import GOODS, Good

_PREFIX = "cart:"
_MOST = 99


class Line(NamedTuple):
    slug: str
    good: Good
    count: int

    @property
    def pence(self) -> int:
        return self.good.pence * self.count

    @property
    def price(self) -> str:
        return f"£{self.pence / 100:.2f}"


class Cart:
    def __init__(self, session: SessionBase) -> None:
        self._session = session

    def __iter__(self) -> Iterator[Line]:
        for slug, good in GOODS.items():
            count = self._session.get(_PREFIX + slug, 0)
            if count:
                yield Line(slug, good, count)

    def __len__(self) -> int:
        return sum(line.count for line in self)

    @property
    def total(self) -> str:
        return f"£{sum(line.pence for line in self) / 100:.2f}"

    def add(self, slug: str, count: int = 1) -> None:
        name = _PREFIX + slug
        self._session[name] = min(self._session.get(name, 0) + count, _MOST)

    def remove(self, slug: str) -> None:
        self._session.pop(_PREFIX + slug, None)
