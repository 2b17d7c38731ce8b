from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "safeconduct.archive"
    label = "archive"
