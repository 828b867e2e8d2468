from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from governance import competence_gaps
from governance.actions import competences as actions
from governance.forms.bodies import CompetenceForm, CompetencesForm
from governance.models import Competence, Person
from governance.views.body_facts import form_page
from governance.views.finding import find_body, find_collaboration

MANAGE = "governance.manage_collaboration"


@needs("governance.view_collaboration")
def competences(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What the bodies must be able to do, who can, and what nobody can; and the catalogue itself."""
    found = find_collaboration(request, samarbeid)
    context = {
        "collaboration": found,
        "coverage": competence_gaps.coverage(found, timezone.localdate()),
        "catalogue": found.competences.all(),
        "manages": holds(request.user, MANAGE, found),
    }
    return TemplateResponse(request, "governance/seats/competences.html", context)


@needs(MANAGE)
def name_competence(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = CompetenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.name_competence(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The competence stands in the catalogue."))
        return redirect("competences", samarbeid)
    return form_page(request, found, form, _("New competence"), _("Add to the catalogue"))


@needs(MANAGE)
def want_competences(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    found = find_body(request, samarbeid, organ)
    require(request.user, MANAGE, on=found.collaboration)
    wanted = Competence.objects.filter(wanted__body=found)
    data = request.POST if request.method == "POST" else None
    form = CompetencesForm(data, collaboration=found.collaboration, initial={"competences": wanted})
    if form.is_valid():
        actions.want_competences(body=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("What the body must be able to do is saved."))
        return redirect("competences", samarbeid)
    title = _("Competences that %(body)s needs") % {"body": found.name_in_text}
    return form_page(request, found.collaboration, form, title, _("Save the competences"))


@needs(MANAGE)
def tell_competences(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    person = get_object_or_404(Person.objects.of(found), pk=pk)
    told = Competence.objects.filter(collaboration=found, people__person=person)
    data = request.POST if request.method == "POST" else None
    form = CompetencesForm(data, collaboration=found, initial={"competences": told})
    if form.is_valid():
        actions.tell_competences(person=person, collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The person's competences are saved."))
        return redirect("person", samarbeid, pk)
    title = _("What %(person)s can") % {"person": person}
    return form_page(request, found, form, title, _("Save the competences"))
