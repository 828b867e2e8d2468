"""Sources of money for the tests: a giver, a grant that is awarded, and one that is not."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Duty, Organisation
from portfolio.actions import grants
from portfolio.models import Grant
from tests.people import LONG_AGO


@pytest.fixture
def giver(db: None) -> Organisation:
    return Organisation.objects.create(kind="state", name="Statsforvalteren i Nordland")


@pytest.fixture
def receiver(digi: Collaboration, sortland: Organisation) -> Organisation:
    """Sortland receives the grants of the collaboration."""
    Duty.objects.create(collaboration=digi, kind=Duty.Kind.GRANT, organisation=sortland, since=LONG_AGO)
    return sortland


@pytest.fixture
def grant(digi: Collaboration, giver: Organisation, sortland: Organisation, secretary: User) -> Grant:
    """Two million, awarded to Sortland; nothing of it is laid out or spent."""
    return grants.register_grant(
        collaboration=digi,
        title="Skjønnsmidler",
        giver=giver,
        receiver=sortland,
        applicants=[sortland],
        state=Grant.State.GRANTED,
        awarded=Decimal(2_000_000),
        by=secretary,
    )


@pytest.fixture
def wish(digi: Collaboration, giver: Organisation, secretary: User) -> Grant:
    """Something to be applied for."""
    return grants.register_grant(collaboration=digi, title="DigiFin", kind="digifin", giver=giver, by=secretary)


def totals(grant: Grant) -> Any:
    """The grant as it stands, with its totals."""
    return Grant.objects.with_totals().with_deadline().get(pk=grant.pk)


@pytest.fixture
def go(client: Client) -> Callable[[User], Client]:
    def as_(user: User) -> Client:
        client.force_login(user)
        return client

    return as_


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


def workbook(answer: Any) -> Any:
    """The workbook of a download."""
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def plain(answer: Any) -> str:
    """The words of a page, one blank between each."""
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())
