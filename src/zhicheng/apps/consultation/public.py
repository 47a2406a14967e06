"""The door of the room: the demo's play, and the stages of the loop for other pages."""

from zhicheng.apps.consultation.board import board
from zhicheng.apps.consultation.demo_play import play

__all__ = ["board", "play"]
