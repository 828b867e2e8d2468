from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from governance.actions import bodies as actions
from governance.forms.planning import NumberingForm
from governance.models import Body
from governance.views.finding import find_body

MANAGE = "governance.manage_collaboration"


@needs(MANAGE)
def numbering(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    """How the body writes its case numbers, with an example of what is chosen before it is saved."""
    found = find_body(request, samarbeid, organ)
    require(request.user, MANAGE, on=found.collaboration)
    form = NumberingForm(request.POST if request.method == "POST" else None, instance=found)
    valid = form.is_valid()
    example = (Body(**_pattern(form.cleaned_data)) if valid else found).number_example
    if valid and "vis" not in request.POST:
        actions.change_body(body=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The case numbers of %(body)s are written like %(example)s.") % {
            "body": found.name_in_text, "example": example,
        })  # fmt: skip
        return redirect(found)
    context = {"collaboration": found.collaboration, "body": found, "form": form, "example": example}
    return TemplateResponse(request, "governance/planning/numbering.html", context)


def _pattern(told: dict[str, object]) -> dict[str, object]:
    return {name: told[name] for name in NumberingForm.Meta.fields}
