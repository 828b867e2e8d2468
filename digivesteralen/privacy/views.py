from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, own, require
from digivesteralen.accounts.session_limits import fresh
from digivesteralen.privacy import actions, export
from digivesteralen.privacy.collected import Collected, Subject, looks
from digivesteralen.ui.numbers import version_in
from governance.models import Appointment, Collaboration, Person

MANAGE = "governance.manage_collaboration"
FORMS: dict[str, Callable[[Collected], HttpResponse]] = {"json": export.as_json, "xlsx": export.as_workbook}
LATEST = 50


@own
def own_data(request: HttpRequest) -> HttpResponse:
    """«Mine opplysninger»: what the portal knows about me, who has looked at it, and how I take it out."""
    subject = Subject.of_user(request.user)
    roles = Appointment.objects.filter(person=subject.person).select_related(
        "body__collaboration", "collaboration", "organisation", "represents"
    )
    context = {
        "subject": subject,
        "roles": roles.order_by("-since"),
        "looks": looks(subject.person, request.user)[:LATEST],
    }
    return TemplateResponse(request, "privacy/own.html", context)


@own
@fresh
def own_data_file(request: HttpRequest, form: str) -> HttpResponse:
    return _form(form)(actions.take_out_own(by=request.user, form=form))


@needs(MANAGE)
def personal_data(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """For a person who asks the secretariat: what is known, who has looked, a file, and erasure."""
    found, person = _find(request, samarbeid, pk)
    actions.look_at(person=person, by=request.user)
    context = {
        "collaboration": found,
        "person": person,
        "sentence": actions.why_not_erased(person),
        "looks": looks(person, None)[:LATEST],
    }
    return TemplateResponse(request, "privacy/person.html", context)


@needs(MANAGE)
@fresh
def personal_data_file(request: HttpRequest, samarbeid: str, pk: int, form: str) -> HttpResponse:
    _found, person = _find(request, samarbeid, pk)
    return _form(form)(actions.take_out(person=person, by=request.user, form=form))


@needs(MANAGE)
@fresh
def erase_contact_data(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """It can't be undone, so it is asked first."""
    found, person = _find(request, samarbeid, pk)
    if request.method == "POST":
        version = version_in(request)
        actions.erase_contact_data(person=person, version=version, by=request.user)
        messages.success(request, _("The contact data of %(name)s is erased.") % {"name": person})
        return redirect("person", samarbeid, pk)
    context = {
        "collaboration": found,
        "title": _("Erase the contact data of %(name)s?") % {"name": person},
        "text": _(
            "E-mail addresses go everywhere, also in the history, and so do the user's ways in, drafts and "
            "registrations. What the person decided, voted or wrote stands under the name. This can't be undone."
        ),
        "submit": _("Erase the contact data"),
        "cancel": reverse("personal_data", args=[samarbeid, pk]),
        "version": person.version,
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _find(request: HttpRequest, samarbeid: str, pk: int) -> tuple[Collaboration, Person]:
    found = get_object_or_404(Collaboration.objects.visible_to(request.user), slug=samarbeid)
    require(request.user, MANAGE, on=found)
    return found, get_object_or_404(Person.objects.of(found).select_related("user", "organisation").distinct(), pk=pk)


def _form(form: str) -> Callable[[Collected], HttpResponse]:
    if form not in FORMS:
        raise Http404
    return FORMS[form]
