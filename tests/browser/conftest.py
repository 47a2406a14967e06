"""A small city behind a real server, and Debian's chromium in front of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhicheng.apps.accounts.testing import Cast, signed_in

# Playwright's synchronous interface runs an event loop in the thread of the test, where Django would refuse its ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = shutil.which("chromium")
OPENS_ON = date(2025, 12, 16)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LOOK = Path(os.environ["ZHICHENG_SCREENSHOTS"]) if os.environ.get("ZHICHENG_SCREENSHOTS") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder as browser tests; without chromium they are skipped by name."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="chromium is not installed"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One chromium for all tests of a worker."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def town(live_server: Any, settings: Any, tmp_path: Path, cast: Cast) -> Cast:
    """The fixed cast in an empty city that opens on a fixed day, served."""
    from zhicheng.apps.records.public import begin_city

    settings.ZHICHENG_HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    begin_city(region_code="370700", one_person=False, opens_on=OPENS_ON)
    return cast


@pytest.fixture
def open_as(chromium: Any, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open a page as a person (or nobody), 1440 px wide or as told; questions are answered yes, errors of scripts fail the test."""
    contexts: list[Any] = []
    broken: list[str] = []

    def open_page(user: Any, path: str = "/", *, width: int = 1440) -> Any:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            accept_downloads=True,
        )
        contexts.append(context)
        if user is not None:
            session = signed_in(user).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    if LOOK:
        LOOK.mkdir(parents=True, exist_ok=True)
        for number, context in enumerate(contexts):
            for page in context.pages:
                page.screenshot(path=str(LOOK / f"{request.node.name}-{number}.png"), full_page=True)
    for context in contexts:
        context.close()
    assert broken == []


def fits(page: Any) -> bool:
    """Tell whether the page is no wider than its window, so that a telephone need not scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
