"""Everybody knows how to sign in to a demo, so what was one is never run as a portal."""

from typing import Any

import pytest

from digivesteralen.demo import checks
from digivesteralen.demo.signins import PASSWORD
from tests.people import person

pytestmark = pytest.mark.django_db


def found() -> list[str | None]:
    return [one.id for one in checks.nobody_has_the_password_of_the_demo(None, databases=["default"])]


def test_a_database_that_was_a_demo_is_refused_by_other_settings(settings: Any) -> None:
    director = person("Direktør i demoen").user
    director.email = "direktor@sortland.example"
    director.set_password(PASSWORD)
    director.save()
    assert found() == []

    settings.DEMO = False
    assert found() == ["demo.E001"]

    director.is_active = False
    director.save()
    assert found() == []


def test_people_with_passwords_of_their_own_are_no_demo(settings: Any, director: Any) -> None:
    settings.DEMO = False

    assert found() == []
