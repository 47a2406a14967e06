"""Verbs of operation: accounts, audit check, backup, restore, keys of encrypted fields."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts import backup as archives
from zhicheng.apps.accounts import encryption, key_rotation, life_cycle
from zhicheng.apps.accounts.audit import record_event, verify_chain
from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.roles import ADMINISTRATORS
from zhicheng.apps.accounts.settings_row import acting_user
from zhicheng.kernel.refusals import Conflict, Refusal

as_user = click.option("--as", "acting", required=True, metavar="USER", help="由谁办理（写入审计）")
reason = click.option("--why", required=True, help="理由（写入审计）")


@click.group()
def users() -> None:
    """Accounts: the first administrators, and steps for when no page can be reached."""


@users.command("create-admin")
@click.argument("username")
@click.option(
    "--role",
    type=click.Choice(sorted(role.value for role in ADMINISTRATORS)),
    default="system_admin",
    show_default=True,
)
@click.option("--name", "display_name", default="", help="姓名；默认同用户名")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码，不提示")
def create_admin(*, username: str, role: str, display_name: str, password_stdin: bool) -> None:
    """Open the first account of an administrator's role."""
    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else os.environ.get("ZHICHENG_ADMIN_PASSWORD")
        or click.prompt("密码", hide_input=True, confirmation_prompt="再输一次")
    )
    user = life_cycle.create_first_admin(
        username=username, display_name=display_name or username, password=password, role=role
    )
    click.echo(f"已开设{user.get_role_display()}账号 {username}。")
    held = set(User.objects.filter(is_active=True).values_list("role", flat=True))
    missing = {one.value for one in ADMINISTRATORS} - held
    if missing:
        click.echo(
            f"三员尚缺：{'、'.join(sorted(missing))}。请用 --role 逐一开设，由不同的人担任。", err=True
        )


@users.command("list")
def list_users() -> None:
    """List the accounts, one a line, fields separated by tabs."""
    for user in User.objects.order_by("username"):
        state = "在用" if user.is_active else "停用"
        fields = (user.username, user.display_name, user.role or "-", user.region_code or "-", state)
        click.echo("\t".join(fields))


@users.command()
@click.argument("username")
@as_user
@reason
def disable(*, username: str, acting: str, why: str) -> None:
    """Close an account and end its sessions."""
    life_cycle.set_active(user=_known(username), active=False, why=why, by=acting_user(acting))
    click.echo(f"已停用 {username}。")


@users.command()
@click.argument("username")
@as_user
@reason
def unlock(*, username: str, acting: str, why: str) -> None:
    """Lift the lock that wrong passwords put on an account."""
    life_cycle.unlock(user=_known(username), why=why, by=acting_user(acting))
    click.echo(f"已解除 {username} 的锁定。")


@click.command("verify-audit")
@click.option("--head", default="", metavar="NUMBER:HASH", help="先前记下的链尾，用来发现尾部被截断")
def verify_audit(*, head: str) -> None:
    """Check that the audit trail is whole; exit 1 when it is not."""
    verdict = verify_chain(expected_head=head)
    if not verdict.ok:
        click.echo(f"审计链在第 {verdict.broken_at} 条断开：{verdict.why}。", err=True)
        sys.exit(1)
    click.echo(f"审计链完整：{verdict.checked} 条。\n链尾 {verdict.head}")


@click.command()
@click.argument("target", type=click.Path(path_type=Path), required=False)
def backup(*, target: Path | None) -> None:
    """Write one archive of database and files, while the city is in use."""
    moment = timezone.localtime()
    target = target or Path(settings.ZHICHENG_HOME) / "backups" / f"zhicheng-{moment:%Y%m%d-%H%M%S}.tar.gz"
    manifest = archives.back_up(target)
    with transaction.atomic():
        record_event(
            by=None,
            action="city.backup",
            subject=f"backup:{target.name}",
            after={"sha256": archives.sha256(target)},
        )
    click.echo(f"{target}\n链尾 {manifest['audit_head']}")
    click.echo("备份不含密钥：请另行保管签名密钥与 field_keys。", err=True)


@click.command()
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="把现有的城市移到一旁再恢复")
def restore(*, archive: Path, replace: bool) -> None:
    """Bring the city back from an archive, then check its audit trail."""
    manifest = archives.restore(archive, replace=replace)
    verdict = verify_chain(expected_head=manifest["audit_head"])
    if not verdict.ok:
        raise Refusal(f"数据已恢复，但审计链不完整：{verdict.why}。", fix="请换一份备份，并报告审计管理员。")
    with transaction.atomic():
        record_event(by=None, action="city.restore", subject=f"backup:{archive.name}")
    click.echo(f"已恢复到 {manifest['made_at']}，审计链完整（{verdict.checked} 条）。")


@click.group()
def keys() -> None:
    """Keys of the encrypted fields."""


@keys.command()
def create() -> None:
    """Make the first key file."""
    path = encryption.key_file()
    if path.exists():
        raise Conflict(f"密钥文件 {path} 已经存在。", fix="更换密钥请用 zhicheng keys rotate。")
    encryption.write_keys([encryption.new_key()])
    click.echo(f"已生成 {path}。请把它另存一份，与备份分开保管。")


@keys.command()
@click.option("--drop-old", is_flag=True, help="重新加密后删去旧密钥（旧备份须另存旧密钥才能读）")
def rotate(*, drop_old: bool) -> None:
    """Make a new key and write every encrypted value again with it."""
    from_environment = bool(os.environ.get("ZHICHENG_FIELD_KEYS"))
    if not from_environment:
        key_rotation.add_key()
    count = key_rotation.rotate()
    click.echo(f"已用最新密钥重新加密 {count} 个值。")
    if drop_old and from_environment:
        click.echo("密钥来自 ZHICHENG_FIELD_KEYS：请自行从中去掉旧密钥。", err=True)
    elif drop_old:
        click.echo(f"已删去旧密钥 {key_rotation.drop_old_keys()} 个。")


def _known(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refusal(f"没有用户“{username}”。", fix="请用 zhicheng users list 查看。")
    return user
