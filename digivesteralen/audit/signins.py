"""Sign-ins, sign-outs and refused sign-ins, told by Django."""

from typing import Any

from digivesteralen.audit.log import record


def signed_in(user: Any, **_: Any) -> None:
    record("signed_in", by=user)


def signed_out(user: Any, **_: Any) -> None:
    if user is not None:
        record("signed_out", by=user)


def refused(credentials: dict[str, Any], **_: Any) -> None:
    record(
        "sign_in_refused", detail={"email": str(credentials.get("email") or credentials.get("username") or "")[:254]}
    )
