"""Django's settings, from the data folder named by SAFECONDUCT_FOLDER.

Rooms read what they need as `django.conf.settings.DATA_FOLDER`, `.EPOCH_FILE`, `.EPOCH_COPY`, `.RETAIN_DAYS`,
`.IDLE_MINUTES`, `.DEMO`, `.SETUP_CODE`: this module sits above them and is not imported by them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from safeconduct.config import database
from safeconduct.config.folder import DataFolder
from safeconduct.config.logs import LOGGING as LOGGING
from safeconduct.config.setup_code import SetupCode
from safeconduct.config.uploads import MAX_UPLOAD_BYTES as MAX_UPLOAD_BYTES
from safeconduct.config.uploads import MAX_UPLOADS_BYTES as MAX_UPLOADS_BYTES


def _folder() -> DataFolder:
    if "pytest" in sys.modules or "mypy" in sys.modules:
        # The tests and the type checker load the settings without being a desk. They get an empty folder of their own
        # whatever the environment says, so that a test run can never touch an office's records.
        made = Path(tempfile.mkdtemp(prefix="safeconduct-"))
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        chosen: dict[str, str] = {}
        if os.environ.get("SAFECONDUCT_TEST_DATABASE") == "postgresql":
            # Started by the tests in a socket folder of this name, before the first connection.
            chosen["database"] = f"postgresql://postgres@/safeconduct?host={made / 'socket'}"
        return DataFolder.create(made / "data", "real", environment={}, **chosen)
    if named := os.environ.get("SAFECONDUCT_FOLDER"):
        return DataFolder.open(Path(named))
    raise ImproperlyConfigured("SAFECONDUCT_FOLDER must name the data folder.")


DATA_FOLDER = _folder()
OPTIONS = DATA_FOLDER.options
DEMO = DATA_FOLDER.kind == "demo"
# KiB, passes and lanes of one guess; None: what is right for real people. A demo's passphrases lie open beside it.
PASSPHRASE_COST = (8, 1, 1) if DEMO else None
EPOCH_FILE = DATA_FOLDER.epoch_path
EPOCH_COPY = OPTIONS.epoch_copy
RETAIN_DAYS = OPTIONS.retain_days
IDLE_MINUTES = OPTIONS.idle_minutes
SETUP_CODE = SetupCode()

SECRET_KEY = DATA_FOLDER.secret_key()
if "mypy" in sys.modules:
    # The type checker ends without the clean-up registered above, and needs the names here, not the folder.
    shutil.rmtree(DATA_FOLDER.path.parent, ignore_errors=True)
DEBUG = False
ALLOWED_HOSTS = list(OPTIONS.allowed_hosts)
ROOT_URLCONF = "safeconduct.config.urls"
WSGI_APPLICATION = "safeconduct.config.wsgi.application"

# Not here: contrib's auth, contenttypes, sessions, messages and admin. Passphrases open keys rather than match a
# hash, sessions hold half of one, and the others would write names to tables nobody placed in a plane.
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "safeconduct.journal",
    "safeconduct.accounts",
    "safeconduct.agenda",
    "safeconduct.archive",
    "safeconduct.people",
    "safeconduct.casework",
    "safeconduct.post",
    "safeconduct.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "safeconduct.web.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "safeconduct.web.upkeep.KeyUpkeep",
    "safeconduct.web.middleware.DeskMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.template.context_processors.i18n",
                "safeconduct.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "safeconduct.web.templatetags.form_token",  # replaces Django's own `csrf_token`
            ],
        },
    }
]

DATABASES = {"default": database.default(OPTIONS, DATA_FOLDER.database_path)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
# Chosen in Settings and nowhere else. One on trial has no translation yet: its pages run in its direction, in English.
LANGUAGES = [("en-gb", "English"), ("ar", "Right to left (a trial: the words stay English)")]
LANGUAGES_ON_TRIAL = frozenset({"ar"})
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SECURE = OPTIONS.https
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True

# Static files are served from the packages they come in: no collecting step, nothing copied.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    # Papers are sealed by the room that owns them; anything else that saves a file keeps it in memory.
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

FILE_UPLOAD_HANDLERS = ["safeconduct.config.uploads.MemoryUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_UPLOAD_BYTES
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # one decision a row on an import's page of possible doubles
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # a morning's mail dropped at once; all together bounded in bytes

CSRF_COOKIE_NAME = "safeconduct-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = OPTIONS.https
CSRF_COOKIE_AGE = None  # ends with the browser
CSRF_USE_SESSIONS = False

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if OPTIONS.https else 0
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
ADMINS: list[tuple[str, str]] = []
DEFAULT_EXCEPTION_REPORTER = "safeconduct.config.logs.NoReport"
DEFAULT_EXCEPTION_REPORTER_FILTER = "safeconduct.config.logs.NoValues"
SILENCED_SYSTEM_CHECKS: list[str] = []
