"""The page about privacy and the accessibility statement are the installation's own; what was read stands (rule 7)."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import translation

from digivesteralen.accounts.access import Stale
from digivesteralen.accounts.models import User
from digivesteralen.privacy import pages
from digivesteralen.privacy.models import InformationPage
from digivesteralen.privacy.retention import KINDS
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
EDITING = "/konto/drift/sider/"


def test_until_somebody_writes_the_text_that_came_with_the_portal_is_read(client: Client) -> None:
    assert "informasjonskapslene den trenger" in client.get("/personvern/").content.decode()
    assert "WCAG 2.2" in client.get("/tilgjengelighet/").content.decode()


def test_the_page_about_privacy_tells_what_is_stored_and_for_how_long(client: Client, settings: Any) -> None:
    text = client.get("/personvern/").content.decode()

    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "farger"):
        assert name in text
    for kind in KINDS:
        assert str(kind.title) in text


def test_no_cookie_is_set_that_the_page_does_not_name(client: Client, director: User) -> None:
    client.post("/konto/visning/", {"color_scheme": "dark", "language": "nb"})
    client.force_login(director)
    client.get("/konto/profil/")
    page = client.get("/personvern/").content.decode()

    assert {"sessionid", "farger"} <= set(client.cookies)
    for name in client.cookies:
        assert name in page


def test_a_draft_is_read_by_nobody_until_it_is_published(client: Client, sysadmin: User) -> None:
    client.force_login(sysadmin)
    begun = client.get(f"{EDITING}personvern/").content.decode()
    assert "informasjonskapslene den trenger" in begun
    assert begun.count("data-rich-frame") == 2  # an editor for each language, and no tags to write

    client.post(f"{EDITING}personvern/", {"text": "<p>Hadsel kommune driver portalen.</p>", "text_en": ""})

    assert "Hadsel kommune driver" not in client.get("/personvern/").content.decode()
    assert "Hadsel kommune driver" in client.get(f"{EDITING}personvern/publiser/").content.decode()
    draft = InformationPage.objects.get()
    client.post(f"{EDITING}personvern/publiser/", {"version": draft.version})
    client.logout()
    page = client.get("/personvern/").content.decode()
    assert "Hadsel kommune driver" in page and "Utgave 1" in page


def test_a_published_edition_stands_and_a_change_is_the_next(sysadmin: User) -> None:
    pages.save_draft(page="privacy", text="<p>Første</p>", text_en="", by=sysadmin)
    first = pages.publish(page="privacy", by=sysadmin)

    for change in (lambda: InformationPage.objects.update(text="Noe annet"), lambda: first.delete()):
        with the_database_refuses(), transaction.atomic():
            change()
    pages.save_draft(page="privacy", text="<p>Andre</p>", text_en="<p>Second</p>", by=sysadmin)
    assert pages.words_of("privacy")[0] == "<p>Første</p>"
    assert pages.publish(page="privacy", by=sysadmin).edition == 2
    with translation.override("en"):
        assert pages.words_of("privacy")[0] == "<p>Second</p>"
    assert InformationPage.objects.count() == 2


def test_two_who_write_at_once_do_not_overwrite_each_other(sysadmin: User) -> None:
    draft = pages.save_draft(page="privacy", text="a", text_en="", by=sysadmin)
    pages.save_draft(page="privacy", text="b", text_en="", version=draft.version, by=sysadmin)

    with pytest.raises(Stale):
        pages.save_draft(page="privacy", text="c", text_en="", version=draft.version, by=sysadmin)
    with pytest.raises(Stale):
        pages.publish(page="privacy", version=draft.version, by=sysadmin)


def test_script_in_the_text_is_not_served(client: Client, sysadmin: User) -> None:
    client.force_login(sysadmin)
    client.post(f"{EDITING}tilgjengelighet/", {"text": "<p>Hei</p><script>alert(1)</script>", "text_en": ""})
    pages.publish(page="accessibility", by=sysadmin)

    assert "alert(1)" not in client.get("/tilgjengelighet/").content.decode()


def test_there_is_nothing_to_publish_without_a_draft(client: Client, sysadmin: User) -> None:
    client.force_login(sysadmin)

    assert client.get(f"{EDITING}personvern/publiser/").status_code == 409
    assert client.post(f"{EDITING}personvern/publiser/").status_code == 409
    assert client.get(f"{EDITING}noe-annet/").status_code == 404


def test_the_verbs_ask_for_themselves(secretary: User) -> None:
    for verb in (
        lambda: pages.save_draft(page="privacy", text="a", text_en="", by=secretary),
        lambda: pages.publish(page="privacy", by=secretary),
    ):
        with pytest.raises(PermissionDenied):
            verb()
