"""Picks the settings by ZHICHENG_MODE: demo (default) or production.

Tests name `zhicheng.site.settings.test` themselves; then nothing is picked here, so that a test never opens
the data folder of a real city.
"""

import os

from zhicheng.kernel.refusals import Refusal

MODE = os.environ.get("ZHICHENG_MODE", "demo")

if os.environ.get("DJANGO_SETTINGS_MODULE", __name__) == __name__:
    if MODE == "production":
        from .production import *  # noqa: F403
    elif MODE == "demo":
        from .demo import *  # noqa: F403
    else:
        raise Refusal(f"ZHICHENG_MODE 的值“{MODE}”不认识。", fix="请设为 demo 或 production。")
