"""Numbers of Erlang and order levels in closed form, reproduced; sources in SOURCE.md."""

import pytest

from tulou.measures.health.beds import erlang_b, erlang_c
from tulou.measures.health.reserves import stock_levels


def test_erlang_b_and_c():
    assert erlang_b(10, 15) == pytest.approx(0.036497, abs=5e-7)
    assert erlang_b(80, 100) == pytest.approx(0.003992, abs=5e-7)
    assert erlang_c(10, 12) == pytest.approx(0.449388, abs=5e-7)


def test_order_levels_in_closed_form():
    found = stock_levels(mean=10, deviation=3, lead=4, cycle=7, service=0.95)
    assert found.order_at == pytest.approx(10 * 4 + 1.644853627 * 3 * 2)
    assert found.order_up_to == pytest.approx(found.order_at + 10 * 7)
