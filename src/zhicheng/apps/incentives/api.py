"""The room over the API."""

from __future__ import annotations

from ninja import Router

from zhicheng.apps.incentives.applications.api import router as applications
from zhicheng.apps.incentives.firms.api import router as firms
from zhicheng.apps.incentives.payout_api import router as payouts
from zhicheng.apps.incentives.rounds.api import router as award_rounds
from zhicheng.apps.incentives.rounds.file_api import router as round_files
from zhicheng.apps.incentives.rounds.stage_api import router as stages
from zhicheng.apps.incentives.what_if.api import router as what_ifs

router = Router(tags=["policies"])
router.add_router("", applications)
router.add_router("", what_ifs)
router.add_router("", payouts)
router.add_router("", firms)
router.add_router("", award_rounds)
router.add_router("", stages)
router.add_router("", round_files)
