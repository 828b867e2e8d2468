from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.accounts.models import Invitation
from digivesteralen.accounts.session_limits import fresh, require_fresh
from digivesteralen.mail import undelivered
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import double_roles
from governance.actions import people as actions
from governance.forms.people import NewPersonForm, PersonFilter, PersonForm, RoleForm, TitleForm
from governance.models import Appointment, Collaboration, Person
from governance.models.people import AT_ORGANISATION
from governance.tables import PersonTable
from governance.views.finding import find_collaboration

MANAGE = "governance.manage_collaboration"


@needs("governance.view_collaboration")
def people(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    held = Appointment.objects.of(found).active().select_related("body", "organisation", "collaboration")
    shown = (
        Person.objects.of(found)
        .select_related("organisation", "user")
        .prefetch_related(Prefetch("appointments", held, "held"))
    )
    form = PersonFilter(request.GET, collaboration=found)
    manages = holds(request.user, MANAGE, found)
    unreached = undelivered.among(shown.values_list("email", flat=True)) if manages else set()
    table = tables.page(request, PersonTable(narrowed(shown, form, found), collaboration=found, unreached=unreached))
    if request.GET.get("format") == "xlsx":
        require_fresh(request)
        return writing.response(table, file_name=f"personer-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form, "manages": manages}
    return TemplateResponse(request, "governance/people/list.html", context)


def narrowed(shown: QuerySet[Person], form: PersonFilter, collaboration: Collaboration) -> QuerySet[Person]:
    if not form.is_valid():
        return shown
    wanted = form.cleaned_data
    if wanted["q"]:
        shown = shown.filter(
            Q(name__icontains=wanted["q"]) | Q(email__icontains=wanted["q"]) | Q(title__icontains=wanted["q"])
        )
    if wanted["organisation"]:
        shown = shown.filter(organisation=wanted["organisation"])
    if wanted["role"]:
        roles = Appointment.objects.of(collaboration).active().filter(role=wanted["role"])
        shown = shown.filter(pk__in=roles.values("person"))
    return shown


@needs("governance.view_collaboration")
def person(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    shown = get_object_or_404(Person.objects.of(found).select_related("organisation", "user"), pk=pk)
    appointments = Appointment.objects.of(found).filter(person=shown)
    context = {
        "collaboration": found,
        "person": shown,
        "appointments": appointments.select_related(
            "body",
            "organisation",
            "collaboration",
            "represents",
            "region",
            "substitute_for__person",
            "resolution__item__meeting__body",
            "resolution__item__case__body",
        ).order_by("-since"),
        "today": timezone.localdate(),
        "positions": shown.positions.filter(body__collaboration=found).select_related("body", "employer"),
        "competences": shown.competences.filter(competence__collaboration=found).select_related("competence"),
        "double": double_roles.of_person(shown, found, timezone.localdate()),
        "invitation": invitation_of(shown),
        "manages": (manages := holds(request.user, MANAGE, found)),
        "in_vain": undelivered.to(shown.email) if manages else None,
    }
    return TemplateResponse(request, "governance/people/page.html", context)


def invitation_of(person: Person) -> Invitation | None:
    """The newest, for who looks after the person's access."""
    found = Invitation.objects.filter(user=person.user_id) if person.user_id else Invitation.objects.none()
    return found.order_by("-sent").first()


@needs(MANAGE)
def titles(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What the roles are called, and from when (B25)."""
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = TitleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.name_title(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The title holds from that day."))
        return redirect("role_titles", samarbeid)
    context = {"collaboration": found, "form": form, "titles": found.titles.all()}
    return TemplateResponse(request, "governance/people/titles.html", context)


@needs(MANAGE)
@fresh
def new_person(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    data = request.POST if request.method == "POST" else None
    form = NewPersonForm(data, collaboration=found, initial={"since": timezone.localdate()})
    if form.is_valid():
        made = actions.welcome(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is registered.") % {"name": made.name})
        return redirect("person", samarbeid, made.pk)
    return _form(request, found, form, _("Register a person"), _("Register the person"), f"person-{found.pk}")


@needs(MANAGE)
def edit_person(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    shown = get_object_or_404(Person.objects.of(found), pk=pk)
    form = PersonForm(request.POST if request.method == "POST" else None, instance=shown, collaboration=found)
    if form.is_valid():
        if "email" in form.changed_data:  # letters go there, and so does the way in
            require_fresh(request)
        actions.change_person(person=shown, by=request.user, **form.cleaned_data)
        messages.success(request, _("The person is saved."))
        return redirect("person", samarbeid, pk)
    return _form(request, found, form, _("Edit %(name)s") % {"name": shown}, _("Save the person"), f"person-edit-{pk}")


@needs(MANAGE)
@fresh
def add_role(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    shown = get_object_or_404(Person.objects.of(found), pk=pk)
    data = request.POST if request.method == "POST" else None
    start = {"since": timezone.localdate(), "organisation": shown.organisation_id}
    form = RoleForm(data, collaboration=found, initial=start)
    if form.is_valid():
        role = dict(form.cleaned_data)
        municipality = role.pop("organisation")
        place = municipality if role["role"] in AT_ORGANISATION else found
        actions.appoint(person=shown, at=place, by=request.user, **role)
        messages.success(request, _("The role is registered. Access follows from its first day."))
        return redirect("person", samarbeid, pk)
    title = _("New role for %(name)s") % {"name": shown}
    return _form(request, found, form, title, _("Register the role"), f"role-{pk}")


@needs(MANAGE)
@fresh
def invite(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    shown = get_object_or_404(Person.objects.of(found).select_related("user"), pk=pk)
    if request.method == "POST":
        actions.give_access(person=shown, by=request.user)
        messages.success(request, _("An invitation is sent to %(email)s.") % {"email": shown.email})
        return redirect("person", samarbeid, pk)
    context = {
        "collaboration": found,
        "title": _("Invite %(name)s to sign in?") % {"name": shown},
        "text": _("An e-mail with a link to choose a password goes to %(email)s.") % {"email": shown.email or "–"},
        "submit": _("Send the invitation"),
        "cancel": f"/{samarbeid}/personer/{pk}/",
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(MANAGE)
@fresh
def withdraw_invitation(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    shown = get_object_or_404(Person.objects.of(found).select_related("user"), pk=pk)
    if request.method == "POST":
        actions.withdraw_access(person=shown, by=request.user)
        messages.success(request, _("The invitation is withdrawn. The link opens nothing any more."))
        return redirect("person", samarbeid, pk)
    context = {
        "collaboration": found,
        "title": _("Withdraw the invitation to %(name)s?") % {"name": shown},
        "text": _("The link that was sent opens nothing any more. You can send a new one later."),
        "submit": _("Withdraw the invitation"),
        "cancel": f"/{samarbeid}/personer/{pk}/",
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _form(
    request: HttpRequest, collaboration: Collaboration, form: object, title: str, submit: str, draft: str
) -> HttpResponse:
    context = {"collaboration": collaboration, "form": form, "title": title, "submit": submit, "draft": draft}
    return TemplateResponse(request, "governance/collaboration/form.html", context)
