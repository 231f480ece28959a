"""The published case of the collection rate; source in SOURCE.md."""

import numpy as np
import pytest

from tulou.kernel.documents import read_document
from tulou.measures.environment.sewage import people_served
from tulou.processes.sewers.balance import RULES_FILE


def test_collection_rate_of_the_reference():
    load = read_document(RULES_FILE)["load"]["value"]
    served = people_served(np.array([120_000.0]), np.array([110.0]), load)[0]
    assert 100 * served / 1_000_000 == pytest.approx(29.3, abs=0.05)
