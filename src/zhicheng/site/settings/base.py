"""Settings every mode shares: rooms, database, languages, sign-in, borders."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from zhicheng.site.database import database_settings
from zhicheng.site.logs import logging_settings
from zhicheng.site.mail import mail_settings

PACKAGE = Path(__file__).resolve().parents[2]
CHECKOUT = PACKAGE.parents[1]
APPS = PACKAGE / "apps"


def home() -> Path:
    """Return the city's data folder: ZHICHENG_HOME, or .data of the checkout or working folder."""
    if named := os.environ.get("ZHICHENG_HOME"):
        return Path(named).expanduser().resolve()
    base = CHECKOUT if (CHECKOUT / "pyproject.toml").exists() else Path.cwd()
    return base / ".data"


ZHICHENG_HOME = home()
(ZHICHENG_HOME / "static").mkdir(parents=True, exist_ok=True)

ROOMS = [
    "accounts",
    "records",
    "ledger",
    "figures",
    "cases",
    "creation",
    "utilization",
    "protection",
    "administration",
    "public_service",
    "quality",
    "incentives",
    "consultation",
    "intelligence",
    "demo",
    "web",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    *(f"zhicheng.apps.{room}" for room in ROOMS if (APPS / room / "apps.py").exists()),
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "zhicheng.apps.accounts.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhicheng.apps.web.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhicheng.apps.accounts.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhicheng.apps.web.middleware.RefusalMiddleware",
    "zhicheng.site.writers.WritersMiddleware",
    "zhicheng.site.idempotency.IdempotencyMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "zhicheng.apps.web.context.shell",
            ],
        },
    }
]

ROOT_URLCONF = "zhicheng.site.urls"
WSGI_APPLICATION = "zhicheng.site.wsgi.application"

DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL", ""), ZHICHENG_HOME)}
# Requests a process serves at once; all but one may wait for the writer of SQLite (site.writers).
ZHICHENG_THREADS = int(os.environ.get("ZHICHENG_THREADS", "4"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "zhicheng.apps.accounts.sign_in.LifeCycleBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "zhicheng.apps.accounts.sign_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "zhicheng.apps.accounts.sign_in.SingleSignOnAdapter"
MFA_ADAPTER = "zhicheng.apps.accounts.sign_in.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip", "reauthenticate": "10/m/user"}
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
# A GeoJSON file of the regions below the city; without one the product draws its own schematic map.
ZHICHENG_BOUNDARIES = os.environ.get("ZHICHENG_BOUNDARIES", "")
ZHICHENG_MFA_REQUIRED = False
ZHICHENG_DORMANT_DAYS = 0
ZHICHENG_SESSIONS_PER_PERSON = 5
ZHICHENG_IDLE_SECONDS = 8 * 3600

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
# Per account, not per address: a whole office sits behind one address.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "zhicheng.apps.accounts.sign_in.tried_username"
AXES_LOCKOUT_CALLABLE = "zhicheng.apps.accounts.sign_in.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# languages and days
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# files
STATIC_URL = "static/"
STATIC_ROOT = ZHICHENG_HOME / "static"
MEDIA_ROOT = ZHICHENG_HOME / "files"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# what goes out: mail into a folder unless a server is named; webhooks never into the own network unless allowed
_MAIL = mail_settings(os.environ.get("ZHICHENG_SMTP", ""), ZHICHENG_HOME)
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _MAIL.get("EMAIL_FILE_PATH")
EMAIL_HOST, EMAIL_PORT = _MAIL.get("EMAIL_HOST", "localhost"), _MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_USER", ""), _MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_TLS", False), _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 30
# Where people reach this site; stands before the personal links in letters.
ZHICHENG_ADDRESS = os.environ.get("ZHICHENG_ADDRESS", "http://127.0.0.1:8000")
DEFAULT_FROM_EMAIL = os.environ.get("ZHICHENG_MAIL_FROM", "zhicheng@localhost")
ZHICHENG_HOOKS_PRIVATE = os.environ.get("ZHICHENG_HOOKS_PRIVATE") == "1"

# borders
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "zhicheng.site.errors.csrf_failed"

LOGGING = logging_settings(ZHICHENG_HOME / "logs")
