"""Every address of the desk. They are all web's; this module only says that it is the root."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("safeconduct.web.desk.urls"))]
