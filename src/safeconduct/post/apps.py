from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "safeconduct.post"
    label = "post"

    def ready(self) -> None:
        """Say what this room keeps about people, so that erasing reaches it."""
        from safeconduct.people import holdings  # models are there only now

        from . import holding

        holdings.register(holding.reach)
