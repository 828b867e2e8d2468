"""One matter that was put to the municipalities: who has answered what, and the secretariat's work with it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import wording
from governance import adoption_map as maps
from governance.actions import asking
from governance.adoption_states import LATE, SERIES, key_figures, shown
from governance.forms.matters import AskMoreForm, DeadlineForm, ProposalForm
from governance.matters import Matter, matter_of
from governance.models import Adoption, Case
from governance.tables import AdoptionTable
from governance.views.finding import find_collaboration

SEE = "governance.view_collaboration"
ON_BEHALF = "governance.register_on_behalf"


@needs(SEE)
def matter(request: HttpRequest, samarbeid: str, sak: str) -> HttpResponse:
    """The sentence that tells how far it has come, the numbers, a tile per municipality, and the answers."""
    found = find_matter(request, samarbeid, sak)
    if request.GET.get("format") == "xlsx":
        return writing.response(AdoptionTable(found.answers), file_name=f"svar-{found.key}.xlsx")
    status = request.GET.get("status", "")
    case_seen = found.case and Case.objects.visible_to(request.user).filter(pk=found.case.pk).exists()
    works = holds(request.user, ON_BEHALF, found.collaboration)
    context = {
        "collaboration": found.collaboration,
        "matter": found,
        "case_url": found.case.get_absolute_url() if found.case and case_seen else "",
        # Of an exempt case others see their own answer alone, which is no picture of the whole.
        "whole": case_seen or found.case is None or not found.case.is_exempt,
        "figures": key_figures(found.numbers),
        "regions": maps.of_matter(found.answers),
        "own": own_answers(request.user, found),
        "answers": [(answer, shown(answer)) for answer in counted_by(request.user, found, status)],
        "narrowed_to": next((words for name, words, _color in [*SERIES, LATE] if name == status), ""),
        "works": works,
        "rewordable": works and not asking.why_not_reworded(found),
        "not_asked": found.not_asked if works else [],
    }
    return TemplateResponse(request, "governance/adoptions/matter.html", context)


@needs(ON_BEHALF)
def move_deadline(request: HttpRequest, samarbeid: str, sak: str) -> HttpResponse:
    """«Sett frist»: for all that have not answered; answers stand as they are."""
    found = find_to_work_with(request, samarbeid, sak)
    if not found.waiting:
        raise NotAllowedNow(_("All municipalities have answered, so there is no deadline to move."))
    first = found.deadlines[0] if found.deadlines else None
    form = DeadlineForm(request.POST if request.method == "POST" else None, initial={"answer_by": first})
    if form.is_valid():
        day = form.cleaned_data["answer_by"]
        asking.move_deadline(matter=found, answer_by=day, by=request.user)
        told = ngettext(
            "The deadline is %(day)s for the %(count)s municipality that has not answered.",
            "The deadline is %(day)s for the %(count)s municipalities that have not answered.",
            len(found.waiting),
        )
        messages.success(request, told % {"day": wording.day(day), "count": len(found.waiting)})
        return redirect(found.url)
    title = _("Move the deadline") if first else _("Set the deadline")
    return _form(request, found, form, title, title, waiting=found.waiting)


@needs(ON_BEHALF)
def change_proposal(request: HttpRequest, samarbeid: str, sak: str) -> HttpResponse:
    """Mend the words while nobody has begun to treat them."""
    found = find_to_work_with(request, samarbeid, sak)
    if refusal := asking.why_not_reworded(found):
        raise NotAllowedNow(refusal)
    data = request.POST if request.method == "POST" else None
    form = ProposalForm(data, version=found.version, initial={"proposal": found.proposal})
    if form.is_valid():
        asking.change_proposal(matter=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The proposal is changed for all municipalities that are asked."))
        return redirect(found.url)
    return _form(request, found, form, _("Change the proposal"), _("Change the proposal"), draft=f"forslag-{found.key}")


@needs(ON_BEHALF)
def ask_more(request: HttpRequest, samarbeid: str, sak: str) -> HttpResponse:
    """Members that were not asked, most often because they joined later (R25)."""
    found = find_to_work_with(request, samarbeid, sak)
    if not found.not_asked:
        raise NotAllowedNow(_("All members are asked already."))
    data = request.POST if request.method == "POST" else None
    first = found.deadlines[0] if found.deadlines else None
    form = AskMoreForm(data, not_asked=found.not_asked, initial={"answer_by": first})
    if form.is_valid():
        asking.ask_more(
            matter=found, organisations=form.chosen, answer_by=form.cleaned_data["answer_by"], by=request.user
        )
        names = ", ".join(str(place) for place in form.chosen)
        messages.success(request, _("The matter is sent to %(names)s.") % {"names": names})
        return redirect(found.url)
    return _form(request, found, form, _("Send to more municipalities"), _("Send"))


@needs(ON_BEHALF)
def remind_all(request: HttpRequest, samarbeid: str, sak: str) -> HttpResponse:
    """«Send påminnelse til alle som ikke har svart», after a page that says to whom."""
    found = find_to_work_with(request, samarbeid, sak)
    if request.method == "POST":
        reached = asking.remind_all(matter=found, by=request.user)
        told = ngettext(
            "A reminder is on its way to %(count)s municipality.",
            "A reminder is on its way to %(count)s municipalities.",
            len(reached.due),
        )
        messages.success(request, told % {"count": len(reached.due)})
        return redirect(found.url)
    context = {"collaboration": found.collaboration, "matter": found, "round": asking.reminder_round(found)}
    return TemplateResponse(request, "governance/adoptions/remind_all.html", context)


def counted_by(user: Any, found: Matter, status: str) -> Sequence[Adoption]:
    """The answers that one of the numbers counts; all when none is asked for."""
    if status not in {name for name, _words, _color in [*SERIES, LATE]}:
        return found.answers
    rows = getattr(Adoption.objects.visible_to(user).about(found.collaboration, found.key), status)()
    counted = set(rows.values_list("pk", flat=True))
    return [answer for answer in found.answers if answer.pk in counted]


def find_matter(request: HttpRequest, samarbeid: str, sak: str) -> Matter:
    collaboration = find_collaboration(request, samarbeid)
    found = matter_of(collaboration, sak, Adoption.objects.visible_to(request.user))
    if found is None:
        raise Http404
    return found


def find_to_work_with(request: HttpRequest, samarbeid: str, sak: str) -> Matter:
    found = find_matter(request, samarbeid, sak)
    require(request.user, ON_BEHALF, on=found.collaboration)
    return found


def own_answers(user: Any, found: Matter) -> list[Adoption]:
    """The answers of the municipalities that this person may answer for."""
    known = [answer.pk for answer in found.answers]
    mine = set(Adoption.objects.of_those_who_decide(user).filter(pk__in=known).values_list("pk", flat=True))
    return [answer for answer in found.answers if answer.pk in mine]


def _form(
    request: HttpRequest, found: Matter, form: Any, title: str, submit: str, draft: str = "", waiting: Any = None
) -> HttpResponse:
    context = {
        "collaboration": found.collaboration,
        "matter": found,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": draft,
        "waiting": waiting,
        "cancel": found.url,
    }
    return TemplateResponse(request, "governance/adoptions/matter_form.html", context)
