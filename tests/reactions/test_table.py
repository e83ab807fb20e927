from intervention.domain.events import Fact
from intervention.reactions.table import TABLE


def test_every_fact_has_its_line() -> None:
    assert TABLE.keys() == {fact.__name__ for fact in Fact.__subclasses__()}
