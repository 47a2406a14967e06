"""The small city every test of this room stands in."""

import pytest

from zhicheng.apps.incentives.testing import make_world


@pytest.fixture
def world(db, settings, tmp_path):
    return make_world(settings, tmp_path / "home")
