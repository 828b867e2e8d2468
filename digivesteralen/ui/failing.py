"""What a person sees when the portal itself fails: a sentence and the way on, never a trace (F09-F13)."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

# A full disk, a full quota, a file larger than the process may write.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TRY_AGAIN_AFTER = "5"


def failed(request: HttpRequest, *, number: str = "") -> HttpResponse:
    """Called while the error is at hand. The page asks neither database nor cache."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        return _for_now("503.html", number)
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return _for_now("507.html", number)
    return HttpResponse(loader.get_template("500.html").render({"number": number}), status=500)


def _for_now(template: str, number: str) -> HttpResponse:
    """It will pass: whoever watches, and every proxy, is told to come back."""
    response = HttpResponse(loader.get_template(template).render({"number": number}), status=503)
    response.headers["Retry-After"] = TRY_AGAIN_AFTER
    return response
