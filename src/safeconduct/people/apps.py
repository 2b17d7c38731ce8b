from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "safeconduct.people"
    label = "people"

    def ready(self) -> None:
        """Say which of this room's rows are layered under an epoch, and what it keeps about a subject."""
        from safeconduct.accounts import layers, wrap_tables  # models are there only now

        from . import holdings, index, models, ties

        wrap_tables.register(models.Wrap, subject="subject__handle")
        for part, which in ((models.SearchGeneration, "number"), (models.SearchDelta, "handle")):
            layers.register(layers.Layered(part, "secret", ("team__handle", which), index.place_of_secret))
        holdings.register(ties.reach)
