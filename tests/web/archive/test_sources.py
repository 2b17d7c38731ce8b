"""The sources that are kept: listed, found, read."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import builders

pytestmark = pytest.mark.django_db


def test_an_empty_archive_says_what_it_is_for():
    page = builders.office().guardian.client.get(reverse("sources"))
    assert page.status_code == 200
    assert "No source is kept yet" in page.content.decode()
