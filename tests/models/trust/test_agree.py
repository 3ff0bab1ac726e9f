"""Status and P(alive) never contradict each other, once they were made to agree."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.models.published_logs import cdnow
from xlclv.customers.status import ACTIVE, AT_RISK, LOST, PASSIVE, STATUSES, UNKNOWN, status
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.trust.agree import agreed, contradicts

ROWS = st.lists(st.tuples(st.sampled_from([*STATUSES, UNKNOWN]), st.floats(0, 1)), min_size=1)


@given(ROWS)
def test_agreed_statuses_contradict_nothing(rows: list[tuple[str, float]]) -> None:
    given_, chance = zip(*rows, strict=True)
    result = agreed(given_, chance)
    assert not contradicts(result, chance).any()
    assert not ((result == LOST) & (np.array(chance) > 0.25)).any()
    moved = result != np.array(given_, dtype=object)
    assert np.array_equal(moved, contradicts(given_, chance))


def test_each_status_gives_way_as_far_as_it_must() -> None:
    chance = [0.05, 0.2, 0.3, 0.95]
    assert agreed([LOST] * 4, chance).tolist() == [LOST, LOST, PASSIVE, AT_RISK]
    assert agreed([PASSIVE] * 4, chance).tolist() == [PASSIVE, PASSIVE, PASSIVE, AT_RISK]
    assert agreed([AT_RISK] * 4, chance).tolist() == [AT_RISK] * 4
    assert agreed([ACTIVE] * 4, chance).tolist() == [AT_RISK, ACTIVE, ACTIVE, ACTIVE]
    assert agreed([LOST, UNKNOWN], [np.nan, 0.99]).tolist() == [LOST, UNKNOWN]


def test_one_time_buyers_of_a_model_that_calls_them_alive_are_not_lost() -> None:
    log = cdnow()
    alive = BgNbd.fit(log.frequency, log.recency, log.age).params.p_alive(
        log.frequency, log.recency, log.age
    )
    as_of = np.datetime64(log.as_of, "D")
    last = as_of - (log.age - log.recency).astype("m8[D]")
    given_ = status(last, as_of, 30.0)
    assert ((given_ == LOST) & (alive > 0.9)).sum() > 500
    result = agreed(given_, alive)
    assert ((result == LOST) & (alive > 0.25)).sum() == 0
