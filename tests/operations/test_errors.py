"""Faults told to a server of the installation's own choice: the fault and its number, and nobody's data."""

import json
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from digivesteralen import tracing
from digivesteralen.operations import errors

DSN = "http://key@127.0.0.1:9/1"


class Kept(Transport):
    """What would leave the portal, whole."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.serialize().decode())


def told_about(error: Exception, **attached: Any) -> str:
    kept = Kept()
    client = sentry_sdk.Client(**errors.options(DSN, "1.0"), transport=kept, default_integrations=False)
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(client)
        scope.set_user({"email": "ola@kommune.example", "ip_address": "10.0.0.7"})
        scope.set_extra("form", {"name": "Ola Nordmann"})
        scope.add_event_processor(lambda event, hint: {**event, **attached})
        try:
            raise error
        except type(error):
            sentry_sdk.capture_exception()
    assert len(kept.sent) == 1
    return kept.sent[0]


def test_the_fault_is_told_with_its_number() -> None:
    with tracing.doing("request") as this, tracing.by(7):
        sent = told_about(RuntimeError("the drawer is stuck"))
    event = json.loads(sent.splitlines()[2])

    assert len(event["event_id"]) == 32
    assert event["exception"]["values"][0]["value"] == "the drawer is stuck"
    assert event["tags"] == {"number": str(this.number), "in": "request"}


def test_nothing_about_people_leaves_the_portal() -> None:
    written = "ola" + "@kommune.example"
    request = {
        "url": "https://portal.example/kalender/hemmelig-nokkel.ics",
        "cookies": {"sessionid": "hemmelig-kake"},
        "data": {"text": "hemmelig tekst"},
        "headers": {"Authorization": "Bearer hemmelig"},
    }
    fault = ValueError(f"no such address: {written}, born {'010190' + ' 12345'}\nDETAIL: Key (name)=({'Ola' + ' N'})")
    sent = told_about(fault, request=request)

    for secret in ("ola@kommune", "010190 12345", "10.0.0.7", "hemmelig-", "hemmelig tekst", "Bearer", "(Ola N)"):
        assert secret not in sent


def test_without_an_address_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(sentry_sdk, "init", lambda **how: started.append(how))
    errors.start("", "1.0")
    assert started == []
    errors.start(DSN, "1.0")
    assert started[0]["before_send"] is errors.without_anything_about_people
    assert "send_default_pii" not in started[0], "the library's own answer is no"
