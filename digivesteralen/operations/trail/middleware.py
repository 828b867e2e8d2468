"""The page of a thing becomes the page of its history, where the address asks for that."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.audit.log import WholeHistoryAsked
from digivesteralen.operations.trail import pages
from digivesteralen.ui.middleware import refusal


class WholeHistoryMiddleware:
    """Who may read the history is who may read the page it stands on: that page has been asked, and has answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, WholeHistoryAsked):
            return None
        try:
            return pages.whole_history(request, exception.thing, exception.collaboration)
        except NotAllowedNow as refused:  # no middleware is asked about what another raises here
            return refusal(request, sentence=refused.sentence)
