from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "safeconduct.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Acts on the staff commit to how the staff stands after them."""
        from safeconduct.journal.actions import commit_besides  # here: models must be loaded first

        from . import standing

        commit_besides(standing.STAFF_ACTS, standing.committed)
