from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "safeconduct.archive"
    label = "archive"

    def ready(self) -> None:
        """Say which tables of this room hold keys sealed for teams."""
        from safeconduct.accounts import wrap_tables  # models are there only now

        from . import models
        from .citing.models import Collection, Note, Tag

        wrap_tables.register(models.SourceWrap, subject="source__handle")
        for model in (models.Quarantined, Note, Tag, Collection):
            wrap_tables.register(model, subject="handle")
