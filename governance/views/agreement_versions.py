from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from digivesteralen.ui.numbers import version_in
from governance import agreement_changes, agreement_dates
from governance.actions import agreement_exits, agreement_versions
from governance.forms.agreements import DissolveForm, ExitForm, InForceForm, NewVersionForm
from governance.models import Agreement
from governance.views.adoptions import OWN
from governance.views.agreements import MANAGE, SEE, form_page
from governance.views.finding import find_agreement


def _managed(request: HttpRequest, samarbeid: str, avtale: str) -> Agreement:
    found = find_agreement(request, samarbeid, avtale)
    require(request.user, MANAGE, on=found.collaboration)
    return found


@needs(MANAGE)
def new_version(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    """A copy of the version in force, to be changed."""
    found = _managed(request, samarbeid, avtale)
    if refusal := agreement_versions.why_no_new_version(found):
        raise NotAllowedNow(refusal)
    form = NewVersionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = agreement_versions.new_version(agreement=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Version %(number)s is begun as a copy. Change it.") % {"number": made.number})
        return redirect(made)
    title = _("New version of «%(agreement)s»") % {"agreement": found.title}
    return form_page(request, found.collaboration, form, title, _("Begin the version"), f"version-{found.pk}", found)


@needs(SEE)
def compare(request: HttpRequest, samarbeid: str, avtale: str, versjon: int) -> HttpResponse:
    """Two versions, clause by clause, with the words that differ."""
    found = find_agreement(request, samarbeid, avtale)
    other = get_object_or_404(Agreement.objects.of_chain(found.root).whole(), number=versjon)
    old, new = sorted((found, other), key=lambda version: version.number)
    changes = agreement_changes.compare(old, new)
    context = {
        "collaboration": found.collaboration,
        "agreement": found,
        "title": _("Version %(old)s and %(new)s") % {"old": old.number, "new": new.number},
        "old": _("Version %(number)s") % {"number": old.number},
        "new": _("Version %(number)s") % {"number": new.number},
        "changes": changes,
        "changed": sum(change.kind != "same" for change in changes),
        "facts": agreement_changes.facts_changed(old, new),
    }
    return TemplateResponse(request, "governance/agreements/compare.html", context)


@needs(MANAGE)
def set_in_force(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    found = _managed(request, samarbeid, avtale)
    if refusal := agreement_versions.why_not_in_force(found):
        raise NotAllowedNow(refusal)
    first = {"effective_from": timezone.localdate()}
    form = InForceForm(request.POST if request.method == "POST" else None, version=found.version, initial=first)
    if form.is_valid():
        agreement_versions.set_in_force(agreement=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The version is set in force. The one before stays to be read."))
        return redirect(found)
    title = _("Set «%(agreement)s» in force") % {"agreement": found}
    return form_page(request, found.collaboration, form, title, _("Set in force"), f"force-{found.pk}", found)


@needs(MANAGE)
def leave(request: HttpRequest, samarbeid: str, avtale: str, pk: int) -> HttpResponse:
    """A party wants to leave: its own body is asked, and its decision starts the notice."""
    found = _managed(request, samarbeid, avtale)
    party = get_object_or_404(found.parties.select_related("organisation"), organisation=pk)
    form = ExitForm(request.POST if request.method == "POST" else None, version=found.version)
    if form.is_valid():
        asked = agreement_exits.ask_about_exit(
            agreement=found, organisation=party.organisation, by=request.user, **form.cleaned_data
        )
        messages.success(request, _("%(party)s is asked. Its own decision starts the notice.") % {"party": party})
        return redirect(asked)
    title = _("%(party)s leaves «%(agreement)s»") % {"party": party, "agreement": found.title}
    told = agreement_dates.notice_ground(found, timezone.localdate())
    draft = f"leave-{party.pk}"
    return form_page(request, found.collaboration, form, title, _("Ask the municipality"), draft, found, told=told)


@needs(OWN, on="organisation")
def wish_to_leave(request: HttpRequest, samarbeid: str, avtale: str, pk: int) -> HttpResponse:
    """The party's own people put to its own body that it leaves, without waiting for the secretariat to ask."""
    found = find_agreement(request, samarbeid, avtale)
    party = get_object_or_404(found.parties.select_related("organisation"), organisation=pk)
    require(request.user, OWN, on=party.organisation)
    if request.method == "POST":
        asked = agreement_exits.wish_to_leave(
            agreement=found, version=version_in(request), organisation=party.organisation, by=request.user
        )
        messages.success(request, _("The matter is among your municipality's. Its decision starts the notice."))
        return redirect(asked)
    text = _(
        "Nothing ends now. The matter is put to your municipality's own body; the notice starts when its decision "
        "is registered, and the members see that it is asked."
    )
    context = {
        "collaboration": found.collaboration,
        "title": _("Shall %(party)s consider leaving «%(agreement)s»?") % {"party": party, "agreement": found.title},
        "text": f"{text} {agreement_dates.notice_ground(found, timezone.localdate())}".strip(),
        "submit": _("Put it to the municipality's body"),
        "cancel": found.get_absolute_url(),
        "version": found.version,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(MANAGE)
def dissolve(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    """Put to every party that the agreement is dissolved."""
    found = _managed(request, samarbeid, avtale)
    form = DissolveForm(request.POST if request.method == "POST" else None, version=found.version)
    if form.is_valid():
        asked = agreement_exits.ask_about_dissolution(agreement=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The parties are asked. It can be ended when all of them have decided so."))
        return redirect("matter", samarbeid, asked[0].key)
    title = _("Dissolve «%(agreement)s»") % {"agreement": found.title}
    return form_page(request, found.collaboration, form, title, _("Ask the parties"), f"dissolve-{found.pk}", found)
