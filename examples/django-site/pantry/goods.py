"""What the pantry has. A real shop has a model for it."""

from typing import NamedTuple


class Good(NamedTuple):
    name: str
    note: str
    pence: int

    @property
    def price(self) -> str:
        return f"£{self.pence / 100:.2f}"


GOODS = {
    "bread": Good("Rye bread", "from this morning's oven", 320),
    "cheese": Good("Farmhouse cheddar", "a wedge, eighteen months old", 480),
    "honey": Good("Heather honey", "a jar from the hives behind the barn", 650),
    "apples": Good("Apples", "six, whatever the orchard gives", 240),
    "candle": Good("Beeswax candle", "burns for an evening", 390),
}
