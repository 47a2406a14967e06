"""Settings of the demo city and of development: one machine, plain HTTP, keys made on first start."""

from __future__ import annotations

import os

from zhicheng.site.secret import secret_key

from .base import *  # noqa: F403
from .base import ZHICHENG_HOME

DEBUG = os.environ.get("ZHICHENG_DEBUG") == "1"
SECRET_KEY = secret_key(ZHICHENG_HOME / "secret_key", create=True)
# The demo is opened under whatever name its machine bears; it holds nothing but generated records.
ALLOWED_HOSTS = ["*"]
