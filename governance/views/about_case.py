"""The page of one form about a case: where it is forwarded, what is attached, what is exempt."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from governance.models import Case


def form_about(request: HttpRequest, case: Case, form: Any, title: str, submit: str, draft: str = "") -> HttpResponse:
    context = {
        "collaboration": case.body.collaboration,
        "case": case,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": draft,
    }
    return TemplateResponse(request, "governance/cases/about.html", context)
