from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "safeconduct.post"
    label = "post"

    def ready(self) -> None:
        """Say what this room keeps about people, so that erasing reaches it and an export takes it along."""
        from safeconduct.people import holdings, leaving  # models are there only now

        from . import holding
        from .leaving import INCIDENTS, MESSAGES

        holdings.register(holding.reach)
        leaving.register(MESSAGES)
        leaving.register(INCIDENTS)
