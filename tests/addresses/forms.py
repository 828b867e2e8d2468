"""The forms of a page, filled in as somebody in a hurry would."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import tinyhtml5
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from tests.addresses.asking import ask
from tests.addresses.expected import WELL, expected_of, sample
from tests.addresses.urlconf import OURS
from tests.addresses.world import World

# Whoever may do most is asked first.
FIRST = (
    "secretariat", "director", "contact", "IT leader", "survey admin", "system administrator", "steering member",
)  # fmt: skip
# One's own language and colours, of which a form has one.
IN_PARTS = {"ui:preferences"}
THIS_YEAR = timezone.localdate().year
# What is tried in turn in a field that does not take what stands in it.
ATTEMPTS = (
    "", f"1.1.{THIS_YEAR}", "2", "Eksempel", f"1.5.{THIS_YEAR + 1}", "10:00", str(THIS_YEAR), "12/26", "910000004",
)  # fmt: skip

# Stands where a file is to be chosen; each post sends a fresh one.
FILE = object()


@dataclass(frozen=True)
class Form:
    """Where a form is sent, what with, and the fields that the page showed with a fault in them."""

    action: str
    values: dict[str, list[Any]]
    refused: tuple[str, ...] = ()

    def with_another(self, value: str, names: Iterable[str]) -> Form:
        return replace(self, values=self.values | {name: [value] for name in names if name in self.values})

    def sent(self) -> dict[str, list[Any]]:
        return {name: [_file() if one is FILE else one for one in values] for name, values in self.values.items()}


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("notat.pdf", b"%PDF-1.7 a paper", "application/pdf")


def every_form(world: World, clients: dict[str, Client]) -> dict[tuple[str, frozenset[str]], tuple[str, Form]]:
    """Each form of each page once, by where it is sent and what it asks for, with the first who is shown it."""
    if not world.forms:
        walkers = sorted(clients, key=lambda who: FIRST.index(who) if who in FIRST else len(FIRST))
        for name in OURS:
            there = sample(world, name)
            who = next((who for who in walkers if expected_of(world, who, name, there, "get") == WELL), None)
            if who is None:
                continue
            path = reverse(name, args=there.arguments)
            page = world.drawn.get((name, who)) or ask(clients[who], "get", path).text
            for form in forms_of(page, path):
                target = _target(form)
                if target in OURS and target not in IN_PARTS:
                    world.forms.setdefault((target, frozenset(form.values)), (who, form))
    return world.forms


def _target(form: Form) -> str:
    try:
        return resolve(form.action).view_name
    except Resolver404:
        return ""


def forms_of(html: str, path: str) -> Iterable[Form]:
    """Each form that is sent with POST, once for each of its buttons that says something of its own."""
    page = tinyhtml5.parse(html, namespace_html_elements=False)
    outside = [one for one in page.iter() if one.get("form")]
    for form in page.iter("form"):
        if form.get("method", "get").lower() != "post":
            continue
        fields = [*form.iter(), *(one for one in outside if one.get("form") == form.get("id"))]
        values, refused = _values(fields)
        buttons = [one for one in fields if one.tag == "button" and one.get("name")]
        where = form.get("action") or path
        for button in buttons or [None]:
            own = {button.get("name"): [button.get("value", "")]} if button is not None else {}
            target = (button.get("formaction") if button is not None else None) or where
            yield Form(urlsplit(target).path, values | own, refused)


def _values(fields: list[Any]) -> tuple[dict[str, list[Any]], tuple[str, ...]]:
    values: dict[str, list[Any]] = {}
    refused = []
    for field in fields:
        name = field.get("name")
        if not name or field.tag not in ("input", "select", "textarea") or field.get("disabled") is not None:
            continue
        found = _value(field)
        if found is not None:
            several = name in values and field.get("type") == "checkbox"
            values[name] = values[name] + found if several else values.get(name, found)
        if field.get("aria-invalid") == "true":
            refused.append(name)
    return values, tuple(dict.fromkeys(refused))


def _value(field: Any) -> list[Any] | None:
    """What a field would send, filled in where it is empty."""
    kind, written = field.get("type", "text"), field.get("value")
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None and one.get("value")]
        full = [one for one in options if one.get("value") and one.get("disabled") is None]
        return [one.get("value", "") for one in (chosen or full)[:1]]
    if field.tag == "textarea":
        return ["".join(field.itertext()).strip() or "Eksempel"]
    if kind in ("submit", "button", "image", "reset"):
        return None
    if kind in ("checkbox", "radio"):
        return [written or "on"]
    if kind == "file":
        return [FILE]
    return [written or _made_up(field, kind)]


def _made_up(field: Any, kind: str) -> str:
    soon = timezone.localdate() + timedelta(days=30)
    made = {
        "hidden": "",
        "date": soon.isoformat(),
        "datetime-local": f"{soon}T10:00",
        "time": "10:00",
        "month": f"{soon:%Y-%m}",
        "email": "hvem@eksempel.example",
        "number": field.get("min") or "2",
        "url": "https://eksempel.example/",
    }
    counted = field.get("inputmode") == "numeric" or re.search("number|amount|sum|hours", field.get("name"))
    return made.get(kind, "2" if counted else "Eksempel")
