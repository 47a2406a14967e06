"""While a large set is written on SQLite, reading goes on, a few writers wait, and the next is told to come back."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from zhicheng.apps.accounts.public import User
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.working import at_work
from zhicheng.site import writers
from zhicheng.site.writers import WritersMiddleware

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers"),
]


class Room:
    """A place where requests stay until they are let go."""

    def __init__(self) -> None:
        self.go, self.inside = threading.Event(), threading.Semaphore(0)

    def __call__(self, request) -> HttpResponse:
        if request.GET.get("stay"):
            self.inside.release()
            self.go.wait(20)
        return HttpResponse("done")


@pytest.fixture
def crowd(settings, monkeypatch, db):
    """Two writers that wait for the lock, of three threads in all."""
    settings.ZHICHENG_THREADS = 3
    monkeypatch.setattr(writers, "LONG", -1.0)
    room = Room()
    door = WritersMiddleware(room)
    staying = [threading.Thread(target=door, args=(RequestFactory().post("/x?stay=1"),)) for _ in range(2)]
    for one in staying:
        one.start()
        room.inside.acquire(timeout=20)
    yield door
    room.go.set()
    for one in staying:
        one.join(20)


def asked(method: str, path: str):
    request = getattr(RequestFactory(), method)(path)
    request.user = User()
    return request


@pytest.fixture
def written(settings, tmp_path, db):
    """A set that is written this moment."""
    settings.ZHICHENG_HOME = tmp_path
    row = ChangeSet.objects.create(type="patents", source="大批.csv", status=ChangeSet.Status.APPLYING)
    with at_work(row, lambda step, rows: None, writes=True):
        yield row


def test_reading_goes_on_and_the_writer_that_would_take_the_last_thread_is_told_to_come_back(written, crowd):
    assert crowd(asked("get", "/records/")).content == b"done"
    refused = crowd(asked("post", "/records/patents/new/"))
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    assert "大批.csv" in refused.content.decode()
    problem = crowd(asked("post", "/api/v1/records/patents"))
    assert json.loads(problem.content)["type"].endswith(":busy")
    assert problem["Retry-After"] == "30"


def test_nobody_is_refused_while_no_set_is_written(db, settings, tmp_path, crowd):
    settings.ZHICHENG_HOME = tmp_path
    assert crowd(asked("post", "/records/patents/new/")).content == b"done"


def test_one_writer_more_waits_while_there_is_room(written, settings):
    settings.ZHICHENG_THREADS = 3
    assert WritersMiddleware(Room())(asked("post", "/x")).content == b"done"


@pytest.mark.parametrize("path", ["/records/patents/new/", "/api/v1/records/patents"])
def test_a_lock_that_never_comes_free_is_said_in_words(settings, path):
    door = WritersMiddleware(Room())
    said = door.process_exception(asked("post", path), OperationalError("database is locked"))
    assert (said.status_code, said["Retry-After"]) == (503, "30")
    assert "没有保存" in said.content.decode()
    assert door.process_exception(asked("post", path), OperationalError("no such table: x")) is None
