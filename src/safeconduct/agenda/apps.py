from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "safeconduct.agenda"
    label = "agenda"
