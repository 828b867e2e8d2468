"""A person's own way in: the invitation, the second step, and where one is signed in."""

from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts import invitations, second_step
from digivesteralen.accounts.access import own, public


@public
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the e-mail: remembered in the session, so that it stands in no address after this."""
    found = invitations.read(token)
    if found is None:
        return TemplateResponse(request, "account/invitation_over.html", status=410)
    request.session[invitations.OPENED] = found.pk
    return redirect("invitation")


@public
def invitation(request: HttpRequest) -> HttpResponse:
    """Choose a password, or the municipality's own sign-in."""
    found = invitations.opened(request)
    if found is None:
        return TemplateResponse(request, "account/invitation_over.html", status=410)
    form = SetPasswordForm(found.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        user = invitations.accept(invitation=found, password=form.cleaned_data["new_password1"])
        del request.session[invitations.OPENED]
        messages.success(request, _("Your password is saved. Welcome!"))
        return perform_login(request, user, email_verification="none", redirect_url="/")
    return TemplateResponse(request, "account/invitation.html", {"form": form, "invitation": found})


@own
def security(request: HttpRequest) -> HttpResponse:
    """How I sign in, on one page: password, second step, and where I am signed in."""
    held = Authenticator.objects.filter(user=request.user)
    context = {
        "steps": [one for one in held if one.type in second_step.STEPS],
        "codes": held.filter(type=Authenticator.Type.RECOVERY_CODES).first(),
        "needed": second_step.is_needed(request.user),
        "has_password": request.user.has_usable_password(),  # type: ignore[union-attr]
        "accounts": request.user.socialaccount_set.all(),  # type: ignore[union-attr]
        "sessions": len(UserSession.objects.purge_and_list(request.user)),
    }
    return TemplateResponse(request, "account/security.html", context)


@own
def needs_second_step(request: HttpRequest) -> HttpResponse:
    """Where those come who must have a second step and have none."""
    if not second_step.is_missing(request):
        return redirect("security")
    return TemplateResponse(request, "account/second_step.html")


@public
def administration(request: HttpRequest) -> HttpResponse:
    """The administration has no way in of its own: its form would ask for no second step and count no guesses."""
    asked = request.GET.get(REDIRECT_FIELD_NAME, "")
    here = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    wanted = asked if here else reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    return redirect(wanted if request.user.is_staff else "/")


@own
def first_password(request: HttpRequest) -> HttpResponse:
    """An invitation alone gives a password: who has none signs in elsewhere, and leaves here when leaving there."""
    return redirect("security")


@own
def email(request: HttpRequest) -> HttpResponse:
    """The address somebody signs in with is the one that was invited; nobody changes it alone."""
    return redirect("security")


@own
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out somewhere else; there it holds from the next request."""
    found = get_object_or_404(UserSession, pk=pk, user=request.user)
    found.end()
    messages.success(request, _("You are signed out there."))
    return redirect("usersessions_list")
