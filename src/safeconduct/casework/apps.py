from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "safeconduct.casework"
    label = "casework"
