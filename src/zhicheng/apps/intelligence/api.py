"""The room over the API: each topic has its own module."""

from ninja import Router

from zhicheng.apps.intelligence import bulletin_api, news_api

router = Router()
router.add_router("", bulletin_api.router)
router.add_router("", news_api.router)
