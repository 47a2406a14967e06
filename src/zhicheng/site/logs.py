"""Logs: one JSON line an event, one file a day, kept longer than the six months the law asks for."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

# 网络安全法 第二十一条: logs are kept not less than six months; 200 days leaves room for a slow audit.
KEEP_DAYS = 200


class JsonLine(logging.Formatter):
    """One event as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; an exception's traceback is one of its fields."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        for name in ("request_id", "user", "status_code"):
            if (value := getattr(record, name, None)) is not None:
                line[name] = str(value)
        return json.dumps(line, ensure_ascii=False)


class DailyFile(logging.Handler):
    """Appends to the file of the day; several processes may write the same one."""

    def __init__(self, folder: str, keep_days: int = KEEP_DAYS) -> None:
        super().__init__()
        self.folder = Path(folder)
        self.keep_days = keep_days
        self._cleaned = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a full disk must not stop the page that logs."""
        try:
            day = datetime.now(tz=UTC).date()
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / f"zhicheng-{day.isoformat()}.log").open("a", encoding="utf-8") as file:
                file.write(self.format(record) + "\n")
            if self._cleaned != day.isoformat():
                self._cleaned = day.isoformat()
                self._drop_before((day - timedelta(days=self.keep_days)).isoformat())
        except OSError:
            self.handleError(record)

    def _drop_before(self, day: str) -> None:
        for file in self.folder.glob("zhicheng-????-??-??.log"):
            if file.stem.removeprefix("zhicheng-") < day:
                file.unlink(missing_ok=True)


def logging_settings(folder: Path) -> dict[str, Any]:
    """Return Django's LOGGING: warnings to the terminal, everything from INFO to the day's file."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "zhicheng.site.logs.JsonLine"}},
        "handlers": {
            "terminal": {"class": "logging.StreamHandler", "level": "WARNING"},
            "file": {
                "class": "zhicheng.site.logs.DailyFile",
                "folder": str(folder),
                "formatter": "json",
                "level": "INFO",
            },
        },
        "loggers": {"django": {"handlers": ["terminal", "file"], "level": "INFO", "propagate": False}},
        "root": {"handlers": ["terminal", "file"], "level": "INFO"},
    }
