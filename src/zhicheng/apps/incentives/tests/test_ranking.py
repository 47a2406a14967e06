"""The arithmetic of a ranking: trimmed means, weights, ties and seats."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from zhicheng.apps.incentives.rounds.ranking import Entrant, ranked, seated, trimmed_mean, weighted


def test_a_trimmed_mean_leaves_out_the_highest_and_the_lowest():
    scores = [Decimal(one) for one in (99, 80, 81, 82, 10)]
    assert trimmed_mean(scores, 1) == Decimal("81.0000")
    assert trimmed_mean(scores, 0) == Decimal("70.4000")
    assert trimmed_mean([Decimal("80"), Decimal("80"), Decimal("81")], 0) == Decimal("80.3333")
    with pytest.raises(ValueError, match="nothing is left"):
        trimmed_mean(scores[:2], 1)


def test_stages_count_by_their_weight():
    assert weighted([Decimal("80"), Decimal("90")], [60, 40]) == Decimal("84.0000")


def test_equal_totals_are_parted_by_the_rule_of_the_round():
    early, late = datetime(2025, 11, 1, tzinfo=UTC), datetime(2025, 11, 2, tzinfo=UTC)
    a = Entrant(1, Decimal("80"), (Decimal("30"), Decimal("50")), late)
    b = Entrant(2, Decimal("80"), (Decimal("35"), Decimal("45")), early)
    c = Entrant(3, Decimal("70"), (Decimal("35"), Decimal("35")), early)
    assert [(one.key, one.rank) for one in ranked([c, a, b], "criterion")] == [(2, 1), (1, 2), (3, 3)]
    assert [(one.key, one.rank) for one in ranked([c, a, b], "both")] == [(1, 1), (2, 1), (3, 3)]
    assert [(one.key, one.rank) for one in ranked([a, b, c], "earlier")] == [(2, 1), (1, 2), (3, 3)]
    placed = ranked([a, b, c], "both")
    assert seated(placed, [("award", 1), ("nomination", 2)]) == {1: "award", 2: "award", 3: "nomination"}
