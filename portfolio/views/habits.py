from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from portfolio.actions.habits import change_habits
from portfolio.forms.habits import HabitsForm
from portfolio.models import Habits
from portfolio.views.finding import MANAGE, find_collaboration, posted


@needs(MANAGE)
def habits(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Arbeidsmåte»: everything starts in profile *Enkel*, and the secretariat turns on what it needs."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    standing = Habits.objects.of(collaboration)
    form = HabitsForm(posted(request), habits=standing)
    if form.is_valid():
        with form.refused_at_its_field():
            change_habits(collaboration=collaboration, by=request.user, **form.cleaned_data)
            messages.success(request, _("The way of working is saved."))
            return redirect("portfolio", samarbeid)
    context = {"collaboration": collaboration, "habits": standing, "form": form}
    return TemplateResponse(request, "portfolio/habits.html", context)
