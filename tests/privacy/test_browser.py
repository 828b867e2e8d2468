"""The pages about people's data in a browser: at both widths nothing spills over, and axe finds nothing."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from digivesteralen.audit.log import record
from digivesteralen.privacy import pages
from governance.models import Person
from tests.browser import faults_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, secretary: User, sysadmin: User, director: User
) -> None:
    person = Person.objects.get(user=director)
    record("personal_data_looked_at", by=secretary, on=person)
    pages.save_draft(page="privacy", text="<p>Hadsel kommune driver portalen.</p>", text_en="", by=sysadmin)
    places = [
        (director, ["/konto/mine-opplysninger/", "/personvern/"]),
        (secretary, [f"/vesteralen/personer/{person.pk}/opplysninger/"]),
        (
            sysadmin,
            [
                "/konto/drift/oppbevaring/",
                "/konto/drift/oppbevaring/people/",
                "/konto/drift/sider/",
                "/konto/drift/sider/personvern/",
                "/konto/drift/sider/personvern/publiser/",
            ],
        ),
    ]
    seen = [(who, path) for who, paths in places for path in paths]
    assert faults_of(browser, live_server, seen, unfolded=False) == []
