from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from governance import papers
from governance.actions import running as actions
from governance.actions.attendance import open_for_minutes
from governance.forms.running import OthersForm
from governance.models import Disqualification, Meeting, Resolution, TreatmentNote
from governance.quorum import Presence
from governance.views.confirming import confirm
from governance.views.finding import find_meeting_to_run

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
def run_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """One page for the whole meeting; the focus stands on the next untreated case."""
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    open_for_minutes(found)
    return whole_meeting(request, found, OthersForm(meeting=found))


def whole_meeting(request: HttpRequest, found: Meeting, others: OthersForm) -> HttpResponse:
    presence = Presence(found)
    cards = _cards(found, presence)
    open_cards = [card for card in cards if not card["resolution"] and not card["item"].withdrawn]
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "cards": cards,
        "current": open_cards[0]["item"].pk if open_cards else None,
        "left": len(open_cards),
        "quorum": open_cards[0]["quorum"] if open_cards else presence.at_opening(),
        "in_progress": found.state == Meeting.State.IN_PROGRESS,
        "others": others,
    }
    return TemplateResponse(request, "governance/meetings/run.html", context)


def _cards(found: Meeting, presence: Presence) -> list[dict[str, Any]]:
    outcomes = dict(Resolution.Outcome.choices)
    notes = {note.item_id: note for note in TreatmentNote.objects.filter(item__meeting=found)}
    questions: dict[int, list[Disqualification]] = {}
    for question in Disqualification.objects.told().filter(item__meeting=found):
        questions.setdefault(question.item_id, []).append(question)
    return [
        {
            "item": entry.item,
            "waiting": ", ".join(one.person.name for one in questions.get(entry.item.pk, []) if one.is_open),
            "case": entry.case,
            "resolution": getattr(entry.item, "resolution", None),
            **_note(getattr(entry.item, "resolution", None), notes.get(entry.item.pk)),
            "quorum": presence.at(entry.item),
            "changes": presence.changes_at(entry.item),
            "questions": questions.get(entry.item.pk, []),
            "usual": entry.case.usual_outcome,
            "usual_words": outcomes[entry.case.usual_outcome],
        }
        for entry in papers.agenda(found, public=False)
    ]


def _note(resolution: Resolution | None, note: TreatmentNote | None) -> dict[str, Any]:
    """What is written in the case so far, and the version it is written from."""
    if resolution is not None:
        return {"note_text": resolution.treatment, "note_version": resolution.version}
    return {"note_text": note.text if note else "", "note_version": note.version if note else 0}


@needs(PREPARE)
def end_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    if request.method == "POST":
        ended = actions.end_meeting(meeting=found, by=request.user)
        messages.success(request, _("The meeting is ended, and the draft minutes are being made."))
        return redirect(ended)
    text = _("Recommendations are sent to the municipalities, which decide for themselves.")
    return confirm(request, found, _("End the meeting?"), text, _("End the meeting"))
