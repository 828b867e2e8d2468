"""The page that asks once more before something can't be taken back."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from governance.models import Meeting


def confirm(
    request: HttpRequest, found: Meeting, title: str, text: str, submit: str, *, danger: bool = False
) -> HttpResponse:
    context = {
        "collaboration": found.body.collaboration,
        "title": title,
        "text": text,
        "submit": submit,
        "danger": danger,
        "cancel": found.get_absolute_url(),
        "version": found.version,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)
