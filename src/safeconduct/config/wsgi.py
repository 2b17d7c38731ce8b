"""The WSGI application. `safeconduct serve` is the way to run it: other servers spool large requests to disk."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeconduct.config.settings")

application = get_wsgi_application()
