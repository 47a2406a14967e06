"""A real process is killed at several moments of its work; afterwards nothing is lost and nothing is there twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhicheng.kernel.identifiers.patent_application import with_check

pytestmark = pytest.mark.slow

ROWS = 8_000


class City:
    """A city in a folder of its own, entered only through the command line and looked at in its file."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir()
        self.env = {
            **os.environ, "ZHICHENG_HOME": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "zhicheng.site.settings",
            "ZHICHENG_MODE": "demo", "NO_COLOR": "1",
        }  # fmt: skip

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from zhicheng.cli.main import run; run()", *arguments]
        return subprocess.Popen(
            command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def ask(self, sql: str) -> Any:
        base = sqlite3.connect(f"file:{self.home / 'zhicheng.sqlite3'}?mode=ro", uri=True)
        try:
            return base.execute(sql).fetchone()[0]
        finally:
            base.close()

    def has(self, pattern: str) -> bool:
        return any(self.home.glob(f"changesets/*/{pattern}"))

    def says(self, word: str) -> bool:
        return any(
            word in path.read_text(encoding="utf-8") for path in self.home.glob("changesets/*/progress.json")
        )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    home = tmp_path_factory.mktemp("city") / "home"
    city = City(home)
    code, _out, err = city.run("init", "--region", "370700", "--one-person")
    assert code == 0, err
    made = (
        "import django; django.setup(); from zhicheng.apps.accounts.testing import make_user;"
        "make_user('shi', 'city_officer', '370700')"
    )
    subprocess.run([sys.executable, "-c", made], env=city.env, check=True)
    return home


@pytest.fixture
def city(prepared, tmp_path):
    copy = City(tmp_path / "home")
    source = sqlite3.connect(prepared / "zhicheng.sqlite3")
    source.backup(sqlite3.connect(copy.home / "zhicheng.sqlite3"))
    (copy.home / "secret_key").write_bytes((prepared / "secret_key").read_bytes())
    return copy


@pytest.fixture(scope="module")
def patents(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "专利.csv"
    lines = ["申请号,名称,申请日,专利权人,失效日"]
    for number in range(ROWS):
        written = with_check(f"20201{number:07d}")
        lines.append(
            f"CN{written[:-1]}.{written[-1]},演示装置{number},2020-02-17,演示甲{number % 50}厂;演示乙厂,2024-01-02"
        )
    path.write_text("\n".join(lines), encoding="gb18030")
    return path


def kill_when(process: subprocess.Popen[str], reached: Callable[[], bool]) -> bool:
    """Kill a process the moment something is there; False when it had ended before."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if reached():
            process.send_signal(signal.SIGKILL)
            process.communicate()
            return True
        time.sleep(0.002)
    process.communicate(timeout=60)
    return False


MOMENTS: dict[str, Callable[[City], bool]] = {
    "while the file is recognised": lambda city: city.has("at-work"),
    "when the typed rows are there": lambda city: city.has("typed/*.parquet"),
    "while rows are compared": lambda city: city.has("existing.parquet"),
    "when the set is staged": lambda city: city.has("staged.parquet"),
    "when writing begins": lambda city: city.says("写入"),
    "just before the ledger is closed": lambda city: city.has("applied.parquet"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_import_loses_nothing_and_doubles_nothing(city, patents, moment):
    load = ("load", str(patents), "--type", "patents", "--yes", "--format", "json")
    assert kill_when(city.start(*load), lambda: MOMENTS[moment](city))
    held = city.ask("select count(*) from ledger_patent")
    assert held in (0, ROWS)
    code, out, err = city.run(*load)
    assert code == 0, err
    summary = json.loads(out)
    assert (summary["read"], summary["new"] + held, summary["rejected"]) == (ROWS, ROWS, 0)
    assert city.ask("select count(*) from ledger_patent") == ROWS
    assert city.ask("select count(*) from ledger_patentowner") == 2 * ROWS
    assert city.ask("select count(*) from ledger_patentevent") == ROWS
    assert city.ask("select count(*) from records_provenance where action = 'new'") == ROWS
    assert city.ask("select count(*) from records_changeset where status in ('parsing', 'applying')") == 0
    assert city.run("verify-audit")[0] == 0
    assert city.run(*load)[1].count('"new": 0') == 1


def test_a_killed_undo_leaves_the_set_applied_and_can_be_repeated(city, patents):
    _code, out, _err = city.run("load", str(patents), "--type", "patents", "--yes", "--format", "json")
    key = json.loads(out)["change_set"]
    undo = ("changes", "undo", key, "--why", "试")
    process = city.start(*undo)
    time.sleep(1.5)
    process.kill()
    process.communicate()
    if city.ask("select status from records_changeset") == "applied":
        assert city.ask("select count(*) from ledger_patentowner") == 2 * ROWS
        code, _out, err = city.run(*undo)
        assert code == 0, err
    assert city.ask("select count(*) from ledger_patent") == 0
    assert city.ask("select count(*) from ledger_patentowner") == 0


def test_somebody_elses_write_waits_visibly_and_succeeds(city, patents, tmp_path):
    small = tmp_path / "园区.csv"
    small.write_text("园区名称,级别\n演示园,市级\n", encoding="utf-8")
    first = city.start("load", str(patents), "--type", "patents", "--yes")
    while not city.says("写入") and first.poll() is None:
        time.sleep(0.002)
    first.send_signal(signal.SIGSTOP)  # it holds the write lock for as long as this test likes
    second = city.start("load", str(small), "--type", "parks", "--yes")
    assert second.stderr
    assert "正在等待“专利.csv”写入台账" in second.stderr.readline()
    first.send_signal(signal.SIGCONT)
    assert first.wait(timeout=60) == 0
    out, _err = second.communicate(timeout=60)
    assert second.returncode == 0
    assert "新增 1" in out
    assert city.ask("select count(*) from ledger_park") == 1
    assert city.ask("select count(*) from ledger_patent") == ROWS


def test_an_interrupted_load_says_so_and_leaves_nothing(city, patents):
    process = city.start("load", str(patents), "--type", "patents", "--yes")
    while not city.has("at-work") and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "已取消" in err
    assert city.ask("select count(*) from records_changeset") == 0
    assert not list(city.home.glob("changesets/*"))
