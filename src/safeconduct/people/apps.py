from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "safeconduct.people"
    label = "people"
