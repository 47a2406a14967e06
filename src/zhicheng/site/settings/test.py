"""Settings of the tests: a data folder thrown away afterwards, cheap passwords, work done at once."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "ZHICHENG_TEST_HOME" not in os.environ:
    os.environ["ZHICHENG_TEST_HOME"] = tempfile.mkdtemp(prefix="zhicheng-test-")
    atexit.register(shutil.rmtree, os.environ["ZHICHENG_TEST_HOME"], ignore_errors=True)
os.environ["ZHICHENG_HOME"] = os.environ["ZHICHENG_TEST_HOME"]

from .base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
LOGGING = {"version": 1, "disable_existing_loggers": False}
