from django.apps import AppConfig


class RunConfig(AppConfig):
    """`make run`: everything on one machine."""

    name = "digivesteralen.run"
    label = "run"
