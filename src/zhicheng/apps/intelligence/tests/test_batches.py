"""Folders and zips are read file by file, watched, cancelled, and never break on one bad file."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.intelligence import batches
from zhicheng.apps.intelligence.demo_text import INVENTED
from zhicheng.apps.intelligence.models import Article, NewsBatch
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

pytestmark = pytest.mark.django_db
SECOND = INVENTED.replace("31208", "30017")


def packed(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, data in files.items():
            target.writestr(name, data)
    stream.seek(0)
    return stream


def test_a_zip_is_read_and_what_cannot_be_read_is_named(city_row, cast):
    stream = packed(
        **{"甲/一.txt": INVENTED, "甲/二.txt": SECOND, "甲/图.png": b"\x89PNG", "甲/空.pdf": b"%PDF-1.4"}
    )
    batch = batches.begin(name="甲.zip", files=[("甲.zip", stream)], by=cast.city_officer)
    assert batch.total == 3
    batch = batches.read_waiting(batch, by=cast.city_officer)
    assert (batch.status, batch.done, batch.added) == (NewsBatch.Status.DONE, 3, 2)
    assert {one["name"] for one in batch.problems} == {"图.png", "空.pdf"}
    assert Article.objects.filter(batch=batch).count() == 2
    assert not batches.folder_of(batch).exists()


def test_what_was_read_before_is_counted_and_not_doubled(article, cast):
    batch = batches.begin(name="又", files=[("a.txt", io.BytesIO(INVENTED.encode()))], by=cast.city_officer)
    batch = batches.read_waiting(batch, by=cast.city_officer)
    assert (batch.known, batch.added) == (1, 0)


def test_a_cancelled_batch_stops_before_the_next_file(city_row, cast):
    files = [("a.txt", io.BytesIO(INVENTED.encode())), ("b.txt", io.BytesIO(SECOND.encode()))]
    batch = batches.begin(name="两篇", files=files, by=cast.city_officer)
    batches.cancel(key=batch.key, by=cast.city_officer)
    batch = batches.read_waiting(batch, by=cast.city_officer)
    assert (batch.status, batch.done) == (NewsBatch.Status.CANCELLED, 0)
    assert not Article.objects.exists()


def test_a_finished_batch_cannot_be_cancelled(city_row, cast):
    batch = batches.begin(name="一篇", files=[("a.txt", io.BytesIO(INVENTED.encode()))], by=cast.city_officer)
    batches.read_waiting(batch, by=cast.city_officer)
    with pytest.raises(Conflict):
        batches.cancel(key=batch.key, by=cast.city_officer)


def test_a_zip_without_a_readable_file_is_refused(city_row, cast):
    with pytest.raises(Refusal, match="没有可读的文件"):
        batches.begin(name="图", files=[("图.zip", packed(**{"a.png": b"x"}))], by=cast.city_officer)
    with pytest.raises(Refusal, match="zip"):
        batches.begin(name="坏", files=[("坏.zip", io.BytesIO(b"PK no"))], by=cast.city_officer)
    assert not NewsBatch.objects.exists()


def test_a_name_that_climbs_out_of_the_zip_stays_inside(city_row, cast):
    batch = batches.begin(
        name="爬", files=[("z.zip", packed(**{"../../b.txt": INVENTED}))], by=cast.city_officer
    )
    assert [path.name for path in batches.folder_of(batch).iterdir()] == ["00000-b.txt"]


def test_names_packed_in_gbk_are_read(city_row, cast):
    info = zipfile.ZipInfo("文章.txt".encode("gb18030").decode("cp437"))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr(info, INVENTED)
    raw = stream.getvalue().replace(
        "文章.txt".encode("gb18030").decode("cp437").encode(), "文章.txt".encode()
    )
    assert b"PK" in raw
    info.flag_bits = 0
    assert batches._name_of(info) == "文章.txt"


def test_only_reviewers_hand_in_texts(city_row, cast):
    with pytest.raises(NotAllowed):
        batches.begin(name="一篇", files=[("a.txt", io.BytesIO(b"x"))], by=cast.county_officer)


def test_one_file_opens_its_article_and_several_their_batch(city_row, cast):
    browser = signed_in(cast.city_officer)
    one = SimpleUploadedFile("一.txt", INVENTED.encode())
    answer = browser.post("/intelligence/upload/", {"files": [one]})
    assert answer["Location"].startswith("/intelligence/articles/")
    two = [SimpleUploadedFile("一.txt", INVENTED.encode()), SimpleUploadedFile("二.txt", SECOND.encode())]
    answer = browser.post("/intelligence/upload/", {"files": two})
    assert answer["Location"].startswith("/intelligence/batches/")
    batch = NewsBatch.objects.get()
    assert (batch.done, batch.added, batch.known) == (2, 1, 1)
    assert "一.txt" in browser.get(answer["Location"]).content.decode()
    done = browser.get(f"{answer['Location']}progress/")
    assert done["HX-Refresh"] == "true"


def test_an_unreadable_upload_is_refused_on_the_form(city_row, cast):
    browser = signed_in(cast.city_officer)
    answer = browser.post("/intelligence/upload/", {"files": [SimpleUploadedFile("图.png", b"\x89PNG")]})
    assert answer.status_code == 422
    assert "不是可读的格式" in answer.content.decode()
    assert browser.post("/intelligence/upload/", {}).status_code == 422
