from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "safeconduct.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Which rows are layered under an epoch; and acts on the staff commit to how the staff stands after them."""
        from safeconduct.journal.actions import commit_besides  # here: models must be loaded first

        from . import actor, bounds, layers, models, standing

        layers.register(
            layers.Layered(models.Membership, "bundle", ("team__handle", "member__handle"), actor.place_of_bundle)
        )
        layers.register(layers.Layered(models.Escrow, "bundle", ("team__handle",), actor.place_of_escrow))
        commit_besides(standing.STAFF_ACTS, standing.committed)
        commit_besides(bounds.BOUND_ACTS, bounds.committed)
