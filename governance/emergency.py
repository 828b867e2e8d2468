"""Who hears of an emergency access, and what was looked at with it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.audit.log import record
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail.outgoing import send as send_out
from digivesteralen.ui import wording
from governance import letters
from governance.models import Appointment, Collaboration, EmergencyAccess, Role

KIND = "governance.emergency_access"
LOOKED = "looked_with_emergency_access"
SEE = "governance.view_collaboration"
OWN = ("/konto/", "/kalender/")
# What an address calls a key that opens it to whoever has it.
KEYS = {"token", "lenke", "uidb36"}


def collaboration_of(subject: str) -> Collaboration:
    return EmergencyAccess.objects.select_related("collaboration").get(pk=subject).collaboration


def told(collaboration: Collaboration) -> list[str]:
    """The secretariat, the auditors and the chair of the steering group; one person in the office is not enough.

    Where none of them can be written to, everybody with a role in the collaboration or its bodies hears of it.
    """
    who = Q(collaboration=collaboration, role__in=[Role.SECRETARIAT, Role.AUDITOR])
    chair = Q(body__collaboration=collaboration, body__kind="steering", is_chair=True)
    everybody = Q(collaboration=collaboration) | Q(body__collaboration=collaboration)
    held = Appointment.objects.active().exclude(person__email="")
    return _addresses(held.filter(who | chair)) or _addresses(held.filter(everybody))


def _addresses(held: QuerySet[Appointment]) -> list[str]:
    return sorted(set(held.values_list("person__email", flat=True)))


def send(job: Job, report: Report) -> None:
    access = EmergencyAccess.objects.select_related("collaboration", "opened_by").get(pk=job.subject)
    with translation.override("nb"):
        words = {
            "collaboration": access.collaboration,
            "name": access.opened_by,
            "until": wording.clock(access.until),
            "reason": access.reason,
        }
        subject = _("Emergency access to %(collaboration)s") % words
        text = _(
            "%(name)s, who runs the installation, has opened emergency access to %(collaboration)s until %(until)s."
            "\n\nReason: %(reason)s\n\nIt shows what is open in the collaboration and changes nothing. "
            "What is looked at stands here:"
        )
        link = letters.address(reverse("emergency_accesses", args=[access.collaboration.slug]))
        send_out(job, to=told(access.collaboration), subject=subject, text=f"{text % words}\n{link}\n")


class EmergencyMiddleware:
    """Each page that whoever runs the installation reads with emergency access is written down; nothing is changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated or not user.is_staff:
            return self.get_response(request)
        held = list(EmergencyAccess.objects.open().filter(opened_by=user).select_related("collaboration"))
        if request.method not in ("GET", "HEAD") and any(_inside(request, one.collaboration) for one in held):
            raise PermissionDenied("emergency access changes nothing")
        request.emergency_accesses = held  # type: ignore[attr-defined]  # each page says so
        response = self.get_response(request)
        for access in held if response.status_code < HTTPStatus.BAD_REQUEST else []:
            if _may_show(request, access.collaboration):
                record(LOOKED, by=user, on=access, detail={"path": _looked_at(request)})
        return response


def _may_show(request: HttpRequest, collaboration: Collaboration) -> bool:
    """Not what is of another collaboration, and not the own pages of whoever looks, some with a key in the address."""
    found = request.resolver_match
    if found is None or request.path.startswith(OWN) or KEYS & found.kwargs.keys():
        return False
    return bool(found.kwargs.get("samarbeid", collaboration.slug) == collaboration.slug)


def _looked_at(request: HttpRequest) -> str:
    """The page, and whether it was taken out as a file; what was searched for is not kept."""
    path, form = request.path[:400], request.GET.get("format", "")[:20]
    return f"{path}?format={form}" if form else path


def _inside(request: HttpRequest, collaboration: Collaboration) -> bool:
    return request.path.startswith(f"/{collaboration.slug}/")
