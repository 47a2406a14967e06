"""The restore drill: a city is backed up, loses everything, and comes back whole."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[5]
MAKE = """
import django; django.setup()
from django.db import transaction
from zhicheng.apps.accounts.public import User, record_event
with transaction.atomic():
    user = User.objects.create(username="wang", display_name="王", phone="13800000000")
    record_event(by=user, action="test.made", subject="user:wang")
"""
READ = """
import django; django.setup()
from zhicheng.apps.accounts.public import User
print(User.objects.filter(username="wang").values_list("phone", flat=True).first())
"""


@contextmanager
def own_database(name, template=""):
    """The address of a database of the drill's own on PostgreSQL, empty text on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} {template and 'TEMPLATE ' + template}")
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A city with one person and one line of its audit trail, to be copied by each drill."""
    home = tmp_path_factory.mktemp("made") / "home"
    home.mkdir()
    name = f"made_{os.getpid()}"
    with own_database(name) as database:
        run_in(home, database, "manage.py", "migrate", "-v0")
        run_in(home, database, "-c", MAKE)
        yield home, name


@pytest.fixture
def database(made):
    with own_database(f"drill_{os.getpid()}", template=made[1]) as address:
        yield address


def run_in(home, database, *command, check=True):
    """Run Python in a process of its own that knows only this city."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "ZHICHENG_TEST_HOME")}
    environment |= {"ZHICHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zhicheng.site.settings"}
    environment |= {"DATABASE_URL": database}
    done = subprocess.run(
        [sys.executable, *command], check=False, env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert not check or done.returncode == 0, done.stderr
    return done


def lose(home, database):
    """Lose every row."""
    if database:
        with psycopg.connect(database, autocommit=True) as server:
            server.execute("DROP SCHEMA public CASCADE")
            server.execute("CREATE SCHEMA public")
    for file in home.glob("zhicheng.sqlite3*"):
        file.unlink()


@pytest.fixture
def city(made, tmp_path, database):
    home = tmp_path / "home"
    shutil.copytree(made[0], home)

    def run(*command, check=True):
        return run_in(home, database, *command, check=check)

    def verb(*words, check=True):
        return run("-c", "from zhicheng.cli.main import run; run()", *words, check=check)

    return home, run, verb


def test_a_lost_city_comes_back_with_its_audit_trail_and_its_encrypted_values(city, database, tmp_path):
    home, run, verb = city
    archive = tmp_path / "safe" / "city.tar.gz"
    (home / "files" / "letters").mkdir(parents=True)
    (home / "files" / "letters" / "a.pdf").write_bytes(b"%PDF letter")
    verb("backup", str(archive))
    lose(home, database)
    (home / "files" / "letters" / "a.pdf").unlink()
    said = verb("restore", str(archive), "--replace")
    assert "审计链完整" in said.stdout
    assert run("-c", READ).stdout.strip() == "13800000000"
    assert (home / "files" / "letters" / "a.pdf").read_bytes() == b"%PDF letter"
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert "field_keys" not in names
    assert "secret_key" not in names


def test_a_damaged_backup_changes_nothing_and_a_standing_city_is_not_overwritten(city, tmp_path):
    _home, run, verb = city
    archive = tmp_path / "city.tar.gz"
    verb("backup", str(archive))
    refused = verb("restore", str(archive), check=False)
    assert refused.returncode == 2
    assert "已经有一座城市" in refused.stderr
    spoiled = tmp_path / "spoiled.tar.gz"
    _spoil(archive, spoiled, tmp_path / "open")
    refused = verb("restore", str(spoiled), "--replace", check=False)
    assert refused.returncode == 2
    assert "与清单不符" in refused.stderr
    assert run("-c", READ).stdout.strip() == "13800000000"


def test_rotating_keys_keeps_values_readable_and_forgets_the_old_key(city):
    home, run, verb = city
    before = (home / "field_keys").read_text().split()
    assert "1 个值" in verb("keys", "rotate", "--drop-old").stdout
    after = (home / "field_keys").read_text().split()
    assert len(after) == 1
    assert after != before
    assert run("-c", READ).stdout.strip() == "13800000000"


def _spoil(archive, target, work):
    with tarfile.open(archive) as tar:
        tar.extractall(work, filter="data")
    manifest = json.loads((work / "manifest.json").read_text())
    manifest["members"]["database"]["sha256"] = "0" * 64
    (work / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(target, "w:gz") as tar:
        for name in ("manifest.json", "database"):
            tar.add(work / name, name)
