"""The verb `serve`: the web server and, beside it, the worker that does long jobs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from granian import Granian
from granian.constants import Interfaces

from zhicheng.apps.accounts.public import city
from zhicheng.kernel.refusals import Refusal


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, help="端口")
@click.option("--threads", default=4, show_default=True, help="每个进程同时处理的请求数")
@click.option("--workers", default=1, show_default=True, help="进程数；PostgreSQL 上可多于 1")
@click.option("--demo", is_flag=True, help="打印演示城市的登录名")
@click.option("--no-worker", is_flag=True, help="不启动后台作业进程（由 systemd 另行启动时用）")
def serve(*, host: str, port: int, threads: int, workers: int, demo: bool, no_worker: bool) -> None:
    """Serve the pages and the API until stopped."""
    refuse_taken(host, port)
    bring_up_to_date()
    if demo:
        _say_who_can_sign_in()
    click.echo(f"知城已启动：http://{host}:{port}/　按 Ctrl+C 停止", err=True)
    os.environ["ZHICHENG_THREADS"] = str(threads)  # the serving processes read it in their settings
    connection.close()
    helper = None if no_worker else subprocess.Popen(worker_command())  # noqa: S603
    try:
        Granian(
            "zhicheng.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            websockets=False,
            log_access=False,
        ).serve()
    finally:
        if helper is not None:
            helper.terminate()
            helper.wait(timeout=10)


def refuse_taken(host: str, port: int) -> None:
    """Refuse a port that somebody listens on.

    The server shares its port between its own processes, hence the system would let a second city onto it and hand
    each of them some of the requests: a case filed in one would be looked for in the other.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
    except OSError as error:
        raise Refusal(
            f"不能在 {host}:{port} 启动：{error.strerror}。",
            fix="请停止占用该端口的程序，或用 --port 另选端口。",
        ) from error


def bring_up_to_date() -> None:
    """Create missing tables; in production refuse instead, since an upgrade begins with a backup."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    if os.environ.get("ZHICHENG_MODE") == "production":
        raise Refusal(
            f"数据库还有 {len(plan)} 步升级没有执行。",
            fix="请先 zhicheng backup，再运行 python manage.py migrate。",
        )
    call_command("migrate", verbosity=0, interactive=False)


def worker_command() -> list[str]:
    """Return the command of the process that does long jobs."""
    return [sys.executable, "-m", "django", "db_worker", "--no-startup-delay", "--no-reload"]


def _say_who_can_sign_in() -> None:
    row = city()
    if row is None or not row.demo:
        raise Refusal("这里还没有演示城市。", fix="请先运行 zhicheng demo build。")
    subprocess.run([str(Path(sys.executable).with_name("zhicheng")), "demo", "people"], check=False)  # noqa: S603
