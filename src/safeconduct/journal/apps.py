from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "safeconduct.journal"
    label = "journal"
