"""Every action of every matter can be taken by somebody, keeps the laws, and leaves a case that can be ended."""

import pytest

from tests.engines.procedures.laws import bring_to_an_end, check_clocks, check_rows
from tests.engines.procedures.walking import FIRST, Walk
from zhicheng.catalogue.matter_loader import load_matters
from zhicheng.engines.procedures.running import begin


@pytest.mark.parametrize("matter", load_matters(), ids=lambda one: f"{one.code}-{one.version}")
def test_every_action_is_taken_every_outcome_reached_and_the_case_can_be_ended_from_there(matter):
    walk = Walk(matter)
    assert {one.id for one in matter.actions} - walk.found.keys() == set()
    assert {one.id for one in matter.outcomes} - walk.outcomes == set()
    for action, reached in walk.found.items():
        assert reached.route[-1] == action
        check_rows(matter, reached.state)
        check_clocks(matter, begin(matter, received_on=FIRST), reached.state, reached.on)
        bring_to_an_end(matter, reached.state, reached.facts, reached.on)
