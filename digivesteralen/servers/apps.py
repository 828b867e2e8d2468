from django.apps import AppConfig


class ServersConfig(AppConfig):
    """The embedded servers and the database's roles."""

    name = "digivesteralen.servers"
    label = "servers"
