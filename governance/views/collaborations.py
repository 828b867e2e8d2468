from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Prefetch, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, own, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import organisation_chart
from governance.actions import collaborations as actions
from governance.actions import organisations
from governance.forms.collaborations import (
    CollaborationForm,
    DutyForm,
    EndForm,
    EndMemberForm,
    MemberForm,
    MemberRoleForm,
    MunicipalityForm,
    NewCollaborationForm,
)
from governance.legal_forms import form_flag
from governance.models import Appointment, Collaboration, Duty, Membership, Population, Region
from governance.start_steps import afterwards, steps
from governance.tables import MemberTable
from governance.views.finding import find_collaboration

MANAGE = "governance.manage_collaboration"


@needs("governance.view_collaboration")
def collaboration(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Who we are, on one page."""
    found = find_collaboration(request, samarbeid)
    today = timezone.localdate()
    seats = Appointment.objects.active(today).select_related("person", "represents")
    bodies = list(
        found.bodies.select_related("collaboration", "region").prefetch_related(
            Prefetch("seats", seats, "seats_today"), "statuses"
        )
    )
    manages = holds(request.user, MANAGE, found)
    context = {
        "collaboration": found,
        "members": found.memberships.active(today).select_related("organisation"),
        "branches": organisation_chart.branches(bodies),
        "chart": organisation_chart.chart(found, bodies, today),
        "tiers": organisation_chart.tiers(found),
        "bodies": bodies,
        "has_councils": any(one.kind == "strategy" for one in bodies) or found.capacities.exists(),
        "duties": found.duties.active(today).select_related("organisation"),
        "roles": found.appointments.active(today)
        .select_related("person__organisation")
        .order_by("role", "person__name"),
        "agreements": found.agreements.standing().whole(),
        "siblings": found.siblings.all(),
        "legal_form": found.legal_form_on(today),
        "form_flag": form_flag(found),
        "manages": manages,
        "oversees": holds(request.user, "governance.view_exempt", found),
        "emergencies": found.emergency_accesses.open().select_related("opened_by"),
        "steps": steps(found) if manages else [],
    }
    return TemplateResponse(request, "governance/collaboration/page.html", context)


@needs(MANAGE)
def edit(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = CollaborationForm(request.POST if request.method == "POST" else None, instance=found, user=request.user)
    if form.is_valid():
        saved = actions.change_collaboration(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The collaboration is saved."))
        return redirect(saved)
    return TemplateResponse(
        request,
        "governance/collaboration/form.html",
        {
            "collaboration": found,
            "form": form,
            "title": _("Edit the collaboration"),
            "submit": _("Save the collaboration"),
            "draft": f"collaboration-{found.pk}",
        },
    )


@own
def new(request: HttpRequest) -> HttpResponse:
    """A new collaboration: the system administrator names it and its secretariat, and sees no more of it."""
    if not request.user.is_staff:
        raise PermissionDenied("is_staff")
    form = NewCollaborationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.create_collaboration(by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is made, and the secretariat is invited.") % {"name": made.name})
        return redirect("new_collaboration")
    existing = Collaboration.objects.filter(external=False)
    return TemplateResponse(request, "governance/collaboration/new.html", {"form": form, "existing": existing})


@needs(MANAGE)
def getting_started(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Kom i gang»: four steps, each done by the facts or left out by choice."""
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    if request.method == "POST":
        actions.skip_step(collaboration=found, step=request.POST.get("step", ""), by=request.user)
        return redirect("getting_started", samarbeid)
    taken = steps(found)
    context = {
        "collaboration": found,
        "steps": taken,
        "afterwards": afterwards(found),
        "finished": sum(step.is_over for step in taken),
    }
    return TemplateResponse(request, "governance/collaboration/getting_started.html", context)


@needs("governance.view_collaboration")
def members(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    newest = Population.objects.filter(organisation=OuterRef("organisation")).order_by("-on").values("people")[:1]
    memberships = found.memberships.select_related("organisation", "extract", "end_extract").annotate(
        people=Subquery(newest)
    )
    ended = request.GET.get("vis") == "alle"
    table = tables.page(request, MemberTable(memberships if ended else memberships.active()))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"medlemmer-{found.slug}.xlsx")
    context = {
        "collaboration": found,
        "table": table,
        "manages": holds(request.user, MANAGE, found),
        "open_memberships": found.memberships.not_contested().filter(until=None).select_related("organisation"),
        "has_regions": Region.objects.of(found).exists(),
        "views": [(_("Members today"), "?", not ended), (_("Earlier ones too"), "?vis=alle", ended)],
    }
    return TemplateResponse(request, "governance/collaboration/members.html", context)


@needs(MANAGE)
def add_member(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    posted = request.method == "POST"
    form = MemberForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        collaboration=found,
        initial={"since": timezone.localdate()},
    )
    if form.is_valid():
        membership = actions.add_member(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is a member.") % {"name": membership.organisation})
        return redirect("members", samarbeid)
    return TemplateResponse(
        request,
        "governance/collaboration/form.html",
        {
            "collaboration": found,
            "form": form,
            "title": _("Add a member"),
            "submit": _("Add the member"),
            "draft": f"member-{found.pk}",
            "link": (reverse("new_municipality", args=[samarbeid]), _("New municipality")),
        },
    )


@needs(MANAGE)
def new_municipality(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """A municipality that no list has brought in yet; then it can be made a member."""
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = MunicipalityForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = organisations.register_municipality(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is registered. Choose it as a member.") % {"name": made})
        return redirect("add_member", samarbeid)
    context = {"collaboration": found, "form": form, "title": _("New municipality"), "submit": _("Register it")}
    return TemplateResponse(request, "governance/collaboration/form.html", context)


@needs(MANAGE)
def end_member(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    membership = get_object_or_404(Membership.objects.select_related("organisation"), collaboration=found, pk=pk)
    posted = request.method == "POST"
    form = EndMemberForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        since=membership.since,
        version=membership.version,
        initial={"until": timezone.localdate()},
    )
    if form.is_valid():
        actions.end_member(membership=membership, by=request.user, **form.cleaned_data)
        messages.success(request, _("The end of the membership is registered."))
        return redirect("members", samarbeid)
    title = _("End the membership of %(name)s") % {"name": membership.organisation}
    return TemplateResponse(
        request,
        "governance/collaboration/form.html",
        {
            "collaboration": found,
            "form": form,
            "title": title,
            "submit": _("Register the end"),
            "draft": f"member-end-{pk}",
        },
    )


@needs(MANAGE)
def edit_member(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The named role of a member (A4)."""
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    membership = get_object_or_404(Membership.objects.select_related("organisation"), collaboration=found, pk=pk)
    form = MemberRoleForm(request.POST if request.method == "POST" else None, instance=membership)
    if form.is_valid():
        actions.change_member(membership=membership, by=request.user, **form.cleaned_data)
        messages.success(request, _("It is saved."))
        return redirect("members", samarbeid)
    title = _("The role of %(name)s") % {"name": membership.organisation}
    context = {"collaboration": found, "form": form, "title": title, "submit": _("Save")}
    return TemplateResponse(request, "governance/collaboration/form.html", context)


@needs(MANAGE)
def lay_duty(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    data = request.POST if request.method == "POST" else None
    form = DutyForm(
        data, collaboration=found, initial={"since": timezone.localdate(), "kind": request.GET.get("ansvar")}
    )
    if form.is_valid():
        actions.lay_duty(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The duty is registered."))
        return redirect(found)
    return TemplateResponse(
        request,
        "governance/collaboration/form.html",
        {
            "collaboration": found,
            "form": form,
            "title": _("Lay a duty on a municipality"),
            "submit": _("Register the duty"),
            "draft": f"duty-{found.pk}",
        },
    )


@needs(MANAGE)
def end_duty(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    duty = get_object_or_404(Duty.objects.select_related("organisation"), collaboration=found, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, since=duty.since, version=duty.version, initial={"until": timezone.localdate()})
    if form.is_valid():
        actions.end_duty(duty=duty, by=request.user, **form.cleaned_data)
        messages.success(request, _("The end of the duty is registered."))
        return redirect(found)
    title = _("End the duty: %(duty)s") % {"duty": duty}
    return TemplateResponse(
        request,
        "governance/collaboration/form.html",
        {
            "collaboration": found,
            "form": form,
            "title": title,
            "submit": _("Register the end"),
            "draft": f"duty-end-{pk}",
        },
    )
