"""Picks the settings by ZHICHENG_MODE: demo (default) or production."""

import os

from zhicheng.kernel.refusals import Refusal

MODE = os.environ.get("ZHICHENG_MODE", "demo")

if MODE == "production":
    from .production import *  # noqa: F403
elif MODE == "demo":
    from .demo import *  # noqa: F403
else:
    raise Refusal(f"ZHICHENG_MODE 的值“{MODE}”不认识。", fix="请设为 demo 或 production。")
