"""What is not kept for ever: kind by kind how long, what happens when the time is over, and the night that does it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from digivesteralen.audit import contact
from digivesteralen.audit.history import event_model
from digivesteralen.audit.models import RetentionRule
from digivesteralen.audit.retention import Unfinished, kept_for
from digivesteralen.mail.keeping import erase_old as erase_letters
from digivesteralen.privacy.actions import erase, why_not_erased
from governance.models import Appointment, CaseDraft, Person
from governance.models.agreements import months_before
from portfolio.actions import registrations
from portfolio.models import ProjectGuest
from portfolio.models.programmes import NAMES_KEPT_FOR_MONTHS
from surveys.actions import import_erasing
from surveys.models import Response, ResponseDraft
from surveys.models.imports import KEPT_FOR_MONTHS

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """One kind of data: what it is called, what happens to it, and how long it may be kept."""

    key: str
    title: Any
    happens: Any
    months: int
    longest: int
    erase: Callable[[date], int]
    # The day is set when a thing comes in: a change of the months holds for what comes in after it.
    from_now_on: bool = False


def _imports(before: date) -> int:
    """The day stands on each import since it was uploaded, and was told to the one who did."""
    return import_erasing.erase_due()


def _respondents(before: date) -> int:
    """Who answered is no longer told; what was answered stands."""
    old = Q(completed__lt=_begins(before)) | Q(completed=None, started__lt=_begins(before))
    found = Response.objects.filter(old).exclude(respondent_name="", respondent_email="")
    keys = list(found.values_list("pk", flat=True))
    with transaction.atomic():
        Response.objects.filter(pk__in=keys).update(respondent_name="", respondent_email="")
        contact.erase("surveys.Response", keys=keys)
    return len(keys)


def _refused_sign_ins(before: date) -> int:
    return contact.erase("audit.Act", before=_begins(before))


def _letters(before: date) -> int:
    return erase_letters(before=_begins(before))


def _drafts(before: date) -> int:
    _count, cases = CaseDraft.objects.filter(saved_at__lt=_begins(before)).delete()
    _count, answers = ResponseDraft.objects.filter(updated_at__lt=_begins(before)).delete()
    return cases.get(CaseDraft._meta.label, 0) + answers.get(ResponseDraft._meta.label, 0)


def _people(before: date) -> int:
    """Those whose last role, seat or shared project ended so long ago, one by one: one that fails keeps no other.

    Who was only written down, and never got any of these, is counted from that day.
    """
    lasting = Appointment.objects.filter(Q(until=None) | Q(until__gte=before)).values("person")
    shared = ProjectGuest.objects.filter(Q(ended_at=None, until__gte=before) | Q(ended_at__gte=_begins(before)))
    events: Any = event_model(Person)
    long_ago = events.objects.filter(pgh_obj_id=OuterRef("pk"), pgh_label="insert", pgh_created_at__lt=_begins(before))
    roles = Appointment.objects.filter(person=OuterRef("pk"))
    guests = ProjectGuest.objects.filter(person=OuterRef("pk"))
    gone = (
        Person.objects.filter(Exists(roles) | Exists(guests) | Exists(long_ago))
        .exclude(pk__in=lasting)
        .exclude(pk__in=shared.values("person"))
        .exclude(user__invitations__sent__gte=_begins(before))
        .exclude(user__is_staff=True)
        .exclude(user__last_login__gte=_begins(before))
        .filter(~Q(email="") | Q(user__is_active=True))
    )
    erased, failed = 0, False
    for key in list(gone.values_list("pk", flat=True)):
        try:
            erased += _erase_unless_held(key)
        except Exception:
            log.exception("The contact data of person %s could not be erased; tried again next night", key)
            failed = True
    if failed:
        raise Unfinished(erased)
    return erased


@transaction.atomic
def _erase_unless_held(key: int) -> bool:
    """Somebody may have got a role or been invited since the list was made, so it is asked again under the lock."""
    person = Person.objects.select_for_update(of=["self"]).select_related("user").get(pk=key)
    if why_not_erased(person):
        return False
    erase(person, by=None)
    return True


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


KINDS = [
    Kind(
        "imports",
        _("Uploaded spreadsheets"),
        _(
            "The file and its cells are erased. What was imported, the counts and the history stand. Each file has its "
            "day from when it is uploaded, and keeps it when the months are changed."
        ),
        KEPT_FOR_MONTHS,
        KEPT_FOR_MONTHS,
        _imports,
        from_now_on=True,
    ),
    Kind(
        "registrations",
        _("Names of those who were registered to gatherings"),
        _("Name, title, address and needs are erased. That somebody came from the municipality stands."),
        NAMES_KEPT_FOR_MONTHS,
        NAMES_KEPT_FOR_MONTHS,
        registrations.erase_due,
    ),
    Kind(
        "respondents",
        _("Names of those who answered surveys"),
        _("Name and address are erased, also in the history. The answer stands."),
        24,
        60,
        _respondents,
    ),
    Kind(
        "people",
        _("People without a role"),
        _(
            "Counted from the day the last role or shared project ended, or from when the person was written down. "
            "E-mail address, ways in and drafts are erased, also in the history. What they did stands under the name."
        ),
        24,
        120,
        _people,
    ),
    Kind(
        "drafts",
        _("Drafts that nobody has gone on with"),
        _("The draft is erased."),
        12,
        24,
        _drafts,
    ),
    Kind(
        "refused_sign_ins",
        _("Addresses of refused sign-ins"),
        _("The address is erased. That a sign-in was refused, and when, stands."),
        6,
        24,
        _refused_sign_ins,
    ),
    Kind(
        "letters",
        _("The log of e-mail"),
        _("Who was written to, and whether it arrived, is erased. What was sent about stands."),
        12,
        24,
        _letters,
    ),
]
BY_KEY = {kind.key: kind for kind in KINDS}


@dataclass(frozen=True)
class Told:
    """A kind with what holds for it here, for the pages."""

    kind: Kind
    months: int
    rule: RetentionRule | None


def told() -> list[Told]:
    rules = {rule.kind: rule for rule in RetentionRule.objects.all()}
    return [
        Told(kind, rules[kind.key].months if kind.key in rules else kind.months, rules.get(kind.key)) for kind in KINDS
    ]


def erase_what_is_over() -> None:
    """Every kind, each for itself: one that fails keeps no other, and is shown on the page."""
    for kind in KINDS:
        months = kept_for(kind.key, kind.months)
        try:
            count, failed = kind.erase(months_before(timezone.localdate(), months)), False
        except Unfinished as some:
            count, failed = some.erased, True
        except Exception:
            log.exception("What is kept of %s could not be erased; tried again next night", kind.key)
            count, failed = 0, True
        RetentionRule.objects.update_or_create(
            kind=kind.key,
            defaults={"last_run_at": timezone.now(), "last_count": count, "last_failed": failed},
            create_defaults={
                "months": months,
                "last_run_at": timezone.now(),
                "last_count": count,
                "last_failed": failed,
            },
        )


@transaction.atomic
def change_months(*, kind: Kind, months: int, version: int | None = None, by: Any) -> RetentionRule:
    """Keep a kind shorter, or again as long as may be; for those who run the installation."""
    if not by.is_staff:
        raise PermissionDenied("operators")
    if not 1 <= months <= kind.longest:
        raise NotAllowedNow(_("Write a number of months from 1 to %(longest)s.") % {"longest": kind.longest})
    rule, _new = RetentionRule.objects.select_for_update().get_or_create(
        kind=kind.key, defaults={"months": kind.months}
    )
    check_version(rule, version)
    rule.months, rule.version = months, rule.version + 1
    rule.save(update_fields=["months", "version"])
    return rule
