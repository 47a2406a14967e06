"""The door of the room: the latest published bulletin, what waits for approval, and its part in the demo city."""

from zhicheng.apps.intelligence.bulletin_demo import play_bulletins
from zhicheng.apps.intelligence.bulletin_queries import latest as latest_bulletin
from zhicheng.apps.intelligence.bulletin_queries import waiting as bulletins_waiting

__all__ = ["bulletins_waiting", "latest_bulletin", "play_bulletins"]
