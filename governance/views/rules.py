from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts.access import needs, require
from governance import laws
from governance.actions import rules as actions
from governance.forms.rules import RulesForm
from governance.views.finding import find_body

MANAGE = "governance.manage_collaboration"
DECISION = ("resolution", "decided_by")
# What chapter 11 settles, each by its own provision.
BY_LAW = {
    "quorum": gettext_lazy("At least half of the members must have been there and voted in the case"),
    "must_vote": gettext_lazy("Those who are there must vote; blank is for elections only"),
    "casting_vote": gettext_lazy("The chair's vote decides a tie, but not in an election"),
    "written_treatment": gettext_lazy("In writing only when every member agrees to the text and to the form"),
    "open_meetings": gettext_lazy("Meetings are open; one is closed by a vote, and its ground stands in the minutes"),
    "minutes": gettext_lazy("The minutes tell time, place, who met, cases, decisions and votes"),
    "demand": gettext_lazy("A third of the members may demand a meeting, and a case"),
}


@needs(MANAGE)
def body_rules(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    """The rules of a body through time, and other ones from a day."""
    found = find_body(request, samarbeid, organ)
    require(request.user, MANAGE, on=found.collaboration)
    now = found.profile
    told = {name: getattr(now, name) for name in RulesForm.base_fields if name not in ("since", *DECISION)}
    data = request.POST if request.method == "POST" else None
    form = RulesForm(data, body=found, initial=told | {"since": timezone.localdate()})
    if form.is_valid():
        actions.set_rules(body=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The rules are saved."))
        return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "body": found,
        "profiles": found.profiles.select_related("resolution__item__meeting__body", "resolution__item__case__body"),
        "now": now,
        "demands": [(text, laws.provision(key)) for key, text in BY_LAW.items()],
        "form": form,
        "draft": f"rules-{found.pk}",
    }
    return TemplateResponse(request, "governance/bodies/rules.html", context)
