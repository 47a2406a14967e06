"""The office of the tests, and files that go into a folder of their own."""

from __future__ import annotations

import pytest

from zhicheng.apps.cases.testing import office

__all__ = ["office"]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.ZHICHENG_HOME = tmp_path
