"""The verb `demo`: builds the demo city from files it writes, through the same importer as any other file."""

from __future__ import annotations

import os
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command

from zhicheng.apps.accounts.public import User
from zhicheng.apps.demo.cast import DEMO_PASSWORD, make_cast
from zhicheng.apps.demo.city.build import write_city
from zhicheng.apps.demo.city.ground import AS_OF, CITY
from zhicheng.apps.demo.rooms import ROOMS
from zhicheng.apps.figures.public import warm
from zhicheng.apps.records.public import ChangeSet, approve, begin_city, recover_interrupted, stage_file
from zhicheng.kernel.refusals import NotAllowed


@click.group()
def demo() -> None:
    """The demo city: synthetic, and marked so everywhere."""


@demo.command()
@click.argument("folder", type=click.Path(path_type=Path))
def files(folder: Path) -> None:
    """Write the demo city's files only, as its offices would have saved them."""
    for table, path in write_city(folder):
        click.echo(f"{path.name}  {table.type}  {len(table.rows)} 行")


@demo.command()
def build() -> None:
    """Create the database and load the demo city; what stands already stays, what a stop cut off goes on."""
    if os.environ.get("ZHICHENG_MODE") == "production":
        raise NotAllowed("正式环境不装演示数据。", fix="请在另一个数据文件夹里用演示模式。")
    call_command("migrate", verbosity=0, interactive=False)
    recover_interrupted()
    begin_city(region_code=CITY, demo=True, opens_on=AS_OF)
    cast = make_cast()
    _load(Path(settings.ZHICHENG_HOME) / "demo_files", by=cast["officer"], reviewer=cast["reviewer"])
    warm()
    for what, play in ROOMS:
        play(cast)
        click.echo(what)
    warm()  # the plays moved the ledger on; the first page need not wait for the snapshot
    who_can_sign_in()


def _load(folder: Path, *, by: User, reviewer: User) -> None:
    there = set(
        ChangeSet.objects.filter(status=ChangeSet.Status.APPLIED, synthetic=True).values_list(
            "source", flat=True
        )
    )
    for _table, path in write_city(folder):
        if path.name in there:
            continue
        change_set = stage_file(path, by=by, synthetic=True)
        change_set = approve(change_set=change_set, by=reviewer)
        counts = f"新增 {change_set.new}，变更 {change_set.changed}，不变 {change_set.unchanged}"
        click.echo(f"{path.name}：{counts}，退回 {change_set.rejected}")


@demo.command()
def people() -> None:
    """Say who can sign in."""
    who_can_sign_in()


def who_can_sign_in() -> None:
    """Print the names and the one password of the demo city."""
    click.echo(f"\n可以登录的演示用户，密码都是 {DEMO_PASSWORD}：")
    for user in User.objects.filter(username__startswith="demo_").order_by("pk"):
        click.echo(f"  {user.username:<22}{user.get_role_display()}　{user.display_name}")
