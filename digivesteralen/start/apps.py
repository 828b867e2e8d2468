from django.apps import AppConfig


class StartConfig(AppConfig):
    name = "digivesteralen.start"
    label = "start"
