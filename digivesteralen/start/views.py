from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts import actions
from digivesteralen.accounts.access import own
from digivesteralen.accounts.models import User
from digivesteralen.start import before_meeting, tasks
from digivesteralen.start.forms import ProfileForm
from governance.models import Collaboration
from portfolio.models import Project

# The pages of those who run the installation, and what each is for.
OPERATING = [
    ("drift", gettext_lazy("Operations"), gettext_lazy("Queues, what failed, disk and versions")),
    ("users", gettext_lazy("Users"), gettext_lazy("Who has a way in; close, open again, help with a lost phone")),
    (
        "retention",
        gettext_lazy("How long things are kept"),
        gettext_lazy("What is erased each night, and after how long"),
    ),
    (
        "information_pages",
        gettext_lazy("Pages of information"),
        gettext_lazy("What anybody reads about privacy and accessibility"),
    ),
    (
        "emergency",
        gettext_lazy("Emergency access"),
        gettext_lazy("Look into a collaboration for half an hour, with a reason"),
    ),
    ("new_collaboration", gettext_lazy("New collaboration"), gettext_lazy("Make it, and invite its secretariat")),
]


@own
def start(request: HttpRequest) -> HttpResponse:
    """What waits for me, worst first; a director sees the next meeting on one page."""
    waiting = tasks.waiting_for(request.user)
    urgent = [task for task in waiting if task.is_urgent]
    collaborations = list(Collaboration.objects.visible_to(request.user))
    return TemplateResponse(
        request,
        "start/start.html",
        {
            "collaborations": collaborations,
            "collaboration": collaborations[0] if len(collaborations) == 1 else None,
            "pages": before_meeting.pages(request.user, request.GET.get("uten", "")),
            "shared": Project.objects.shared_with(request.user).select_related("collaboration"),
            "urgent": urgent,
            "later": [task for task in waiting if task not in urgent],
            "operating": OPERATING,
        },
    )


@own
def profile(request: HttpRequest) -> HttpResponse:
    user = get_object_or_404(User, email=request.user.get_username())
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=user)
    if form.is_valid():
        actions.change_preferences(user=user, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    return TemplateResponse(request, "start/profile.html", {"form": form})
