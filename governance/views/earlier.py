from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from governance.actions.earlier import register_earlier_resolution
from governance.forms.earlier import EarlierResolutionForm
from governance.views.finding import find_body

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
def earlier_resolution(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    """A resolution from before the portal gets its case and the numbers of its year."""
    body = find_body(request, samarbeid, organ)
    require(request.user, PREPARE, on=body.collaboration)
    form = EarlierResolutionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        resolution = register_earlier_resolution(body=body, by=request.user, **form.cleaned_data)
        case = resolution.item.case
        messages.success(request, _("The resolution is registered as case %(number)s.") % {"number": case.number})
        return redirect(case)
    context = {"collaboration": body.collaboration, "body": body, "form": form, "draft": f"earlier-{body.pk}"}
    return TemplateResponse(request, "governance/meetings/earlier.html", context)
