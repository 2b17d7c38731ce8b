from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "safeconduct.casework"
    label = "casework"

    def ready(self) -> None:
        """Say what this room keeps about people, so that erasing reaches it and an export takes it along."""
        from safeconduct.people import holdings, leaving  # models are there only now

        from . import holding
        from .leaving import CASES, DIRECTORY

        holdings.register(holding.reach)
        leaving.register(CASES)
        leaving.register(DIRECTORY)
