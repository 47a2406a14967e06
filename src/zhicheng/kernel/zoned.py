"""Days set by an office abroad: a moment with its time zone, and the Beijing day on which it must be done."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhicheng.kernel.refusals import Refusal

BEIJING = ZoneInfo("Asia/Shanghai")
FIX = "请写成“2026-12-01T17:00 America/New_York”。"


def read_moment(text: str) -> datetime:
    """A moment as written `2026-12-01T17:00 America/New_York`, or ISO 8601 with an offset.

    Raises:
        Refusal: it has no time zone, an unknown one, or names a time that the zone skips.
    """
    stamp, _, zone = text.strip().partition(" ")
    try:
        moment = datetime.fromisoformat(stamp)
        if zone:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise Refusal(f"时刻“{text}”看不懂。", fix=FIX) from error
    if moment.tzinfo is None:
        raise Refusal(f"时刻“{text}”没有写明时区。", fix=FIX)
    there_and_back = moment.astimezone(ZoneInfo("UTC")).astimezone(moment.tzinfo)
    if there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise Refusal(f"时刻“{text}”在当地因夏令时不存在。", fix="请核对当地时间。")
    return moment


def beijing_day(text: str) -> date:
    """The Beijing day in which a moment abroad falls; the hour stands beside it in the derivation."""
    return read_moment(text).astimezone(BEIJING).date()


def in_zone_words(text: str) -> str:
    """The moment there and here, in words for a derivation."""
    moment = read_moment(text)
    there = text.strip().partition(" ")[2] or f"UTC{moment:%z}"
    here = moment.astimezone(BEIJING)
    return f"对方机关指定当地时间 {moment:%Y-%m-%d %H:%M}（{there}），即北京时间 {here:%Y-%m-%d %H:%M}"
