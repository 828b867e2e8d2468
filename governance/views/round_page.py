"""What the page of a meeting shows when it is a written treatment: own answers, who has answered what, the outcome."""

from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.ui import tables
from governance import laws, papers
from governance.actions import opinions
from governance.answer_tables import AnswersTable
from governance.models import Meeting
from governance.written import Round, Tally


def shown(request: HttpRequest, found: Meeting, entries: list[papers.Entry]) -> dict[str, Any]:
    """Only cases that the reader may see are counted before the reader's eyes (rule 8)."""
    counted = Round(found)
    tallies = seen(counted, entries)
    only_silent = "mangler" in request.GET
    return {
        "round": counted,
        "tallies": tallies,
        "own_cases": own_cases(request.user, found, tallies),
        "answers_table": tables.page(request, AnswersTable(tallies, silent=only_silent)) if tallies else None,
        "narrowings": [(_("All"), "?", not only_silent), (capfirst(_("not answered")), "?mangler=1", only_silent)],
        "takes_answers": found.takes_answers(),
        "ground": laws.provision("written_treatment", found.day) if found.why_written else None,
    }


def seen(counted: Round, entries: list[papers.Entry]) -> list[Tally]:
    open_items = {entry.item.pk for entry in entries if entry.open}
    return [tally for tally in counted.tallies if tally.item.pk in open_items]


def own_cases(user: Any, found: Meeting, tallies: list[Tally]) -> list[dict[str, Any]]:
    """Per municipality the reader speaks for: each case with the answer as it stands."""
    if not found.takes_answers():
        return []
    rows = []
    for seat in opinions.seats_of(user, found.body):
        for tally in tallies:
            given = next((one for one in tally.answers if one.seat.represents_id == seat.represents_id), None)
            if given is not None:
                rows.append({"place": seat.represents, "case": tally.case, "answer": given})
    return rows
