"""Settings of a city in service: HTTPS, second factor, short sessions, nothing made up on the way."""

from __future__ import annotations

import os
from pathlib import Path

from zhicheng.kernel.refusals import Refusal
from zhicheng.site.secret import secret_key
from zhicheng.site.single_sign_on import provider_origin, provider_settings

from .base import *  # noqa: F403
from .base import CONTENT_SECURITY_POLICY, SILENCED_SYSTEM_CHECKS, ZHICHENG_HOME

DEBUG = False
SECRET_KEY = os.environ.get("ZHICHENG_SECRET_KEY") or secret_key(
    Path(os.environ.get("ZHICHENG_SECRET_KEY_FILE", ZHICHENG_HOME / "secret_key")), create=False
)
ALLOWED_HOSTS = [name for name in os.environ.get("ZHICHENG_HOSTS", "").split(",") if name]
if not ALLOWED_HOSTS:
    raise Refusal("生产环境没有设置访问域名。", fix="请设置 ZHICHENG_HOSTS，例如 zhicheng.example.gov.cn。")
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = os.environ.get("ZHICHENG_HTTPS", "1") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_SSL_REDIRECT else 0
# Neighbouring hosts of a government domain are not ours to bind.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]

SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ZHICHENG_IDLE_SECONDS = int(os.environ.get("ZHICHENG_IDLE_MINUTES", "30")) * 60
ZHICHENG_SESSIONS_PER_PERSON = int(os.environ.get("ZHICHENG_SESSIONS_PER_PERSON", "2"))
ZHICHENG_MFA_REQUIRED = os.environ.get("ZHICHENG_MFA", "required") == "required"
ZHICHENG_DORMANT_DAYS = int(os.environ.get("ZHICHENG_DORMANT_DAYS", "180"))

# Names of static files carry their hash: run `python manage.py collectstatic` at every upgrade.
WHITENOISE_USE_FINDERS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
    }
}
AXES_IPWARE_PROXY_COUNT = int(os.environ.get("ZHICHENG_PROXIES", "1"))

SOCIALACCOUNT_PROVIDERS = provider_settings(os.environ)
if SOCIALACCOUNT_PROVIDERS:
    # The button of single sign-on is a form that ends at the provider.
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(provider_origin(os.environ))
