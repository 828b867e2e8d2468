from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "digivesteralen.demo"
    label = "demo"
