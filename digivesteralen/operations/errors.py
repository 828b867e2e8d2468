"""Faults are told to a server of the installation's own choice, where it names one; without anything about people."""

from typing import Any

import sentry_sdk

from digivesteralen import tracing
from digivesteralen.operations.logs import without_people

# What may say who asked, from where, for what, or with which words.
LEFT_OUT = ("request", "user", "extra", "breadcrumbs", "server_name", "contexts")


def options(dsn: str, version: str) -> dict[str, Any]:
    return {
        "dsn": dsn,
        "release": version,
        "include_local_variables": False,
        "include_source_context": False,
        "max_request_body_size": "never",
        "max_breadcrumbs": 0,
        "traces_sample_rate": None,
        "auto_session_tracking": False,
        "before_send": without_anything_about_people,
    }


def start(dsn: str, version: str) -> None:
    """Without an address nothing is started, and nothing leaves the portal."""
    if dsn:
        sentry_sdk.init(**options(dsn, version))


def without_anything_about_people(event: Any, hint: dict[str, Any]) -> Any:
    """The fault, the view or the task, and the number that the log has too."""
    kept = {name: value for name, value in event.items() if name not in LEFT_OUT}
    doing = tracing.now()
    kept["tags"] = {"number": str(doing.number), "in": doing.what} if doing else {}
    return {**_cleaned(kept), "event_id": event.get("event_id")}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return without_people(value)
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items() if name != "vars"}
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    return value
