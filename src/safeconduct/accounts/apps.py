from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "safeconduct.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Say which of this room's rows are layered under an epoch."""
        from . import actor, layers, models  # models are there only now

        layers.register(
            layers.Layered(models.Membership, "bundle", ("team__handle", "member__handle"), actor.place_of_bundle)
        )
        layers.register(layers.Layered(models.Escrow, "bundle", ("team__handle",), actor.place_of_escrow))
