"""The documents keep up with the house: dependencies have reasons, links lead somewhere, commands exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from zhicheng.cli.main import VERBS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
COMMAND = re.compile(r"(?:^|`|bin/)zhicheng ([a-z][a-z-]+)", re.MULTILINE)


def test_every_runtime_dependency_has_a_line_that_says_what_for_and_why():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[\[<>=]", one)[0] for one in project["dependencies"]]
    rows = re.findall(
        r"^\| ([\w-]+) \| (.+?) \| (.+?) \|$", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE
    )
    told = {name for name, what, why in rows if what.strip() and why.strip()}
    assert [name for name in names if name not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page):
    gone = [to for to in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / to).exists()]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_is_one_that_the_program_has(page):
    named = set(COMMAND.findall(page.read_text(encoding="utf-8")))
    assert sorted(named - set(VERBS)) == []


def test_the_lock_file_names_no_address():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line and not line.lstrip().startswith("#")] == []
    assert [
        line for line in lines if line.lstrip().startswith("--") and not line.lstrip().startswith("--hash")
    ] == []
