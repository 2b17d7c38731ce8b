from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "safeconduct.casework"
    label = "casework"

    def ready(self) -> None:
        """Say what this room keeps about people, so that erasing reaches it."""
        from safeconduct.people import holdings  # models are there only now

        from . import holding

        holdings.register(holding.reach)
