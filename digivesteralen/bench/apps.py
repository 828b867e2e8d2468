from django.apps import AppConfig


class BenchConfig(AppConfig):
    """How fast the portal is, on data of any size."""

    name = "digivesteralen.bench"
    label = "bench"
