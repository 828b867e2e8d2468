from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "digivesteralen.demo"
    label = "demo"

    def ready(self) -> None:
        from digivesteralen.demo import checks  # noqa: F401, PLC0415 -- the check registers itself
