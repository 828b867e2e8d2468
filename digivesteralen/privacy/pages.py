"""The editable pages: today's text, a draft, a published edition. For those who run the installation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from digivesteralen.privacy.models import InformationPage

Page = InformationPage.Page
# What stands until the installation has written its own, and what its first draft begins with.
FIRST = {
    Page.PRIVACY: [
        gettext_noop(
            "The portal keeps the name, e-mail address, appointments and sign-ins of those who use it, and a history of who changed what and when. This is part of the municipalities' documentation of their own decisions."  # noqa: E501
        ),
        gettext_noop(
            "It sets only the cookies it needs: for the sign-in, for safe forms and for the language and colours you choose. Nothing is sent to anyone else, and nothing is measured."  # noqa: E501
        ),
        gettext_noop(
            "Text you have not saved is kept in your own browser for up to 14 days, and is removed when you sign out."
        ),
        gettext_noop(
            "The municipality that runs the portal is the controller. The secretariat answers questions about access, correction and deletion."  # noqa: E501
        ),
    ],
    Page.ACCESSIBILITY: [
        gettext_noop(
            "The portal is built to meet WCAG 2.2 at level AA. Every page can be used with the keyboard alone, in light and dark colours, enlarged four times and on a phone; every figure has its numbers as a table."  # noqa: E501
        ),
        gettext_noop(
            "The pages are checked with an automatic tool at every change. They have not yet been tried by people who use screen readers every day."  # noqa: E501
        ),
        gettext_noop(
            "The municipality that runs the portal is responsible for the official statement. If something stops you, tell the secretariat: what you wanted to do, and on which page."  # noqa: E501
        ),
    ],
}


def first_text(page: str) -> str:
    return "".join(f"<p>{escape(gettext(line))}</p>" for line in FIRST[Page(page)])


def words_of(page: str) -> tuple[str, InformationPage | None]:
    """What anybody reads today, and the edition it stands in."""
    edition = InformationPage.objects.published(page)
    return (edition.words if edition is not None else first_text(page)), edition


def begin(page: str) -> InformationPage:
    """The draft, or a new one that begins with what is read today; not saved yet."""
    draft = InformationPage.objects.draft(page)
    if draft is not None:
        return draft
    edition = InformationPage.objects.published(page)
    if edition is not None:
        return InformationPage(page=page, text=edition.text, text_en=edition.text_en)
    with translation.override("en"):
        english = first_text(page)
    with translation.override("nb"):
        return InformationPage(page=page, text=first_text(page), text_en=english)


@transaction.atomic
def save_draft(*, page: str, text: str, text_en: str, version: int | None = None, by: Any) -> InformationPage:
    """Write on the one draft; readers see nothing of it yet."""
    _runs_the_installation(by)
    draft = InformationPage.objects.select_for_update().filter(page=page, published_at=None).first()
    if draft is None:
        last = InformationPage.objects.filter(page=page).aggregate(last=Max("edition"))["last"] or 0
        return InformationPage.objects.create(page=page, edition=last + 1, text=text, text_en=text_en)
    check_version(draft, version)
    draft.text, draft.text_en, draft.version = text, text_en, draft.version + 1
    draft.save(update_fields=["text", "text_en", "version"])
    return draft


@transaction.atomic
def publish(*, page: str, version: int | None = None, by: Any) -> InformationPage:
    """The draft is what everybody reads, from now; it stands as it is."""
    _runs_the_installation(by)
    draft = InformationPage.objects.select_for_update().filter(page=page, published_at=None).first()
    if draft is None:
        raise NotAllowedNow(_("There is no draft to publish. Write one first."))
    check_version(draft, version)
    draft.published_at, draft.version = timezone.now(), draft.version + 1
    draft.save(update_fields=["published_at", "version"])
    return draft


def _runs_the_installation(by: Any) -> None:
    if not by.is_staff:
        raise PermissionDenied("operators")
