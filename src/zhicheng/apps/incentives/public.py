"""The door of the room: its play for the demo city."""

from zhicheng.apps.incentives.demo.play import build_demo

__all__ = ["build_demo"]
