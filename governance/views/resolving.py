"""What the body decides in a case: by one key, or with words, votes and names."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, Stale, needs
from digivesteralen.ui.numbers import version_in
from governance.actions import running as actions
from governance.actions.attendance import open_for_minutes
from governance.actions.ballots import Said
from governance.forms.resolving import ElectionForms, ReservationForms, ResolutionForm
from governance.forms.running import PointForms
from governance.models import AgendaItem, Resolution, TreatmentNote
from governance.quorum import Presence
from governance.views.finding import find_meeting_to_run, run_page
from governance.voting import Line

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
@require_POST
def resolve_as_usual(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """One key: as proposed, recommended or taken note of; the page comes back at the next case."""
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    item = get_object_or_404(found.items.select_related("case", "meeting"), pk=pk)
    # Pressed twice is pressed once; what somebody else has decided meanwhile is refused as stale.
    if not Resolution.objects.filter(item=item, outcome=item.case.usual_outcome).exists():
        actions.resolve(item=item, outcome=item.case.usual_outcome, by=request.user)
    return redirect("run_meeting", *found.address)


@needs(PREPARE)
@require_POST
def note_treatment(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> JsonResponse:
    """What is typed under way, sent by itself; the answer says when it was saved, or what somebody else wrote."""
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    item = get_object_or_404(found.items.select_related("meeting"), pk=pk)
    sent = version_in(request)
    try:
        version = actions.note_treatment(item=item, text=request.POST.get("text", ""), version=sent, by=request.user)
    except Stale as stale:
        return JsonResponse(_what_stands(stale.current), status=HTTPStatus.CONFLICT)
    return JsonResponse({"version": version, "at": f"{timezone.localtime():%H.%M}"})


def _what_stands(current: Any) -> dict[str, Any]:
    text = current.treatment if isinstance(current, Resolution) else current.text
    return {"text": text, "version": current.version}


@needs(PREPARE)
def resolve(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """Any other outcome: changed words, votes, names, responsible and deadline."""
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    open_for_minutes(found)
    item = get_object_or_404(found.items.select_related("case__body", "meeting__body"), pk=pk)
    page = _Page(request, item)
    if not page.is_valid():
        return page.shown()
    try:
        page.written_down(request.user)
    except Stale:
        return page.shown(stale=True)
    except NotAllowedNow as refused:
        page.form.add_error(None, str(refused.sentence))
        return page.shown()
    messages.success(request, _("The resolution in case %(case)s is saved.") % {"case": item.case.number})
    return redirect(run_page(item))


class _Page:
    """The form of one case with its points, election and reservations, which are saved as one."""

    def __init__(self, request: HttpRequest, item: AgendaItem) -> None:
        self.request, self.item = request, item
        self.resolution = Resolution.objects.filter(item=item).prefetch_related("points", "votes", "election").first()
        self.note = TreatmentNote.objects.filter(item=item).first()
        stands = self.resolution or self.note
        data = request.POST if request.method == "POST" else None
        self.form = ResolutionForm(
            data,
            version=stands.version if stands else None,
            initial=_told(item, self.resolution, self.note),
            item=item,
            presence=Presence(item.meeting),
            profile=item.meeting.profile,
        )
        self.points = PointForms(data, initial=_points(item, self.resolution), prefix="points")
        # What is folded away may be missing from a request that tells of none of it.
        elected = data if data is not None and "election-TOTAL_FORMS" in data else None
        words = data if data is not None and "words-TOTAL_FORMS" in data else None
        known = list(self.resolution.election.values("name", "count", "elected")) if self.resolution else []
        self.election = ElectionForms(elected, initial=known, prefix="election")
        said = list(self.resolution.reservations.values("attendance", "text")) if self.resolution else []
        self.words = ReservationForms(words, initial=said, prefix="words", form_kwargs={"voters": self.form.voters})

    def is_valid(self) -> bool:
        """All of them are looked at, so that every error is shown at once."""
        parts = [self.form.is_valid(), self.points.is_valid()]
        parts += [forms.is_valid() for forms in (self.election, self.words) if forms.is_bound]
        return all(parts)

    def written_down(self, by: Any) -> Resolution:
        told = self.form.cleaned_data
        return actions.resolve(
            item=self.item,
            outcome=told["outcome"],
            treatment=told["treatment"],
            points=self._written(),
            ballot=self.form.ballot(self._lines()),
            reservations=self._said(),
            late=self.form.late,
            goes_to=self.form.goes_to,
            version=told.get("version"),
            by=by,
        )

    def _written(self) -> list[Any]:
        return [point.cleaned_data for point in self.points if point.cleaned_data.get("text")]

    def _lines(self) -> list[Line]:
        if not self.election.is_bound:
            return []
        rows = [form.cleaned_data for form in self.election if form.cleaned_data.get("name")]
        return [Line(row["name"], row["count"], row["elected"]) for row in rows]

    def _said(self) -> list[Said]:
        if not self.words.is_bound:
            return []
        rows = [form.cleaned_data for form in self.words if form.cleaned_data.get("attendance")]
        return [Said(attendance=int(row["attendance"]), text=row["text"]) for row in rows]

    def shown(self, *, stale: bool = False) -> HttpResponse:
        """With both texts when somebody else saved first: theirs beside, one's own in the form to be sent again."""
        if stale:
            fresh = Resolution.objects.filter(item=self.item).prefetch_related("points").first()
            told = self.request.POST.copy()
            told["version"] = str((fresh or TreatmentNote.objects.get(item=self.item)).version)
            self.form.data = told
        context = {
            "collaboration": self.item.meeting.body.collaboration,
            "meeting": self.item.meeting,
            "item": self.item,
            "form": self.form,
            "points": self.points,
            "election": self.election,
            "words": self.words,
            "may_reserve": self.item.meeting.profile.may_reserve,
            "theirs": fresh if stale else None,
            "their_note": TreatmentNote.objects.filter(item=self.item).first() if stale and not fresh else None,
            "stale": stale,
            "run": run_page(self.item),
        }
        status = HTTPStatus.CONFLICT if stale else HTTPStatus.OK
        return TemplateResponse(self.request, "governance/meetings/resolve.html", context, status=status)


def _told(item: AgendaItem, resolution: Resolution | None, note: TreatmentNote | None) -> dict[str, Any]:
    if resolution is None:
        return {"outcome": item.case.usual_outcome, "treatment": note.text if note else ""}
    names = [
        "outcome", "treatment", "method", "unanimous", "votes_for", "votes_against", "votes_blank", "chair_decided",
        "alternative", "objections", "chair_objects", "forwarded_body", "forwarded_to", "postponed_to",
    ]  # fmt: skip
    told = {name: getattr(resolution, name) for name in names}
    return told | {f"vote_{vote.attendance_id}": vote.value for vote in resolution.votes.all()}


def _points(item: AgendaItem, resolution: Resolution | None) -> list[Any]:
    """What is decided, or the proposal's own points to start from."""
    if resolution:
        return list(resolution.points.values("text", "responsible", "deadline"))
    return [{"text": text} for text in item.case.proposed_points]
