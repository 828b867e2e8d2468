"""Users, for those who run the installation: who gets in, and who does so without a role."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts.access import operators
from digivesteralen.accounts.models import User
from digivesteralen.accounts.session_limits import fresh, require_fresh
from digivesteralen.audit.log import record
from digivesteralen.audit.models import Act
from digivesteralen.operations import users as actions
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import forms, tables
from digivesteralen.ui.templatetags.ui import tag

WITHOUT_ROLE = Q(has_role=False, is_active=True, is_staff=False)
STATES = {"uten": WITHOUT_ROLE, "stengt": Q(is_active=False), "drift": Q(is_staff=True)}
VERBS = {"close": actions.close, "open": actions.open_again, "forget": actions.forget_second_step}


class UserFilter(forms.FilterForm):
    q = forms.forms.CharField(label=gettext_lazy("Search"))
    state = forms.forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("All")),
            ("uten", gettext_lazy("Access without a role")),
            ("stengt", gettext_lazy("Closed")),
            ("drift", gettext_lazy("Runs the installation")),
        ],
    )


class UserTable(tables.DsTable):
    name = tables.Column(
        verbose_name=gettext_lazy("Name"), linkify=lambda record: reverse("operated_user", args=[record.pk])
    )
    email = tables.Column(verbose_name=gettext_lazy("E-mail"))
    last_login = tables.DateColumn(verbose_name=gettext_lazy("Last signed in"), default=gettext_lazy("Never"))
    state = tables.TagColumn(verbose_name=gettext_lazy("State"), empty_values=(), orderable=False)

    class Meta:
        model = User
        fields = ["name", "email", "last_login", "state"]
        caption = gettext_lazy("Users")
        empty_text = gettext_lazy("Nobody fits what you asked for.")
        row_header = "name"

    def render_state(self, record: Any) -> Any:
        return tag(*state_of(record))

    def order_last_login(self, users: Any, is_descending: bool) -> tuple[Any, bool]:
        """Who never signed in comes last among the newest, and first among those one has not seen for long."""
        last = F("last_login")
        return users.order_by(last.desc(nulls_last=True) if is_descending else last.asc(nulls_first=True), "pk"), True

    def value_state(self, record: Any) -> Any:
        return state_of(record)[0]

    def value_last_login(self, value: Any) -> Any:
        """The day: an hour and a minute of somebody's sign-in is more than such a list needs."""
        return timezone.localdate(value)


def state_of(user: Any) -> tuple[Any, str]:
    """In words and colour; ``user`` comes from ``users()``."""
    if not user.is_active:
        return _("Closed"), "neutral"
    if user.is_staff:
        return _("Runs the installation"), "info"
    return (_("Has a role"), "success") if user.has_role else (_("No role"), "warning")


class UserForm(forms.DsForm):
    """What to do, and why."""

    what = forms.RadioField(label=gettext_lazy("What shall be done?"), choices=[])
    reason = forms.TextField(
        label=gettext_lazy("Reason"),
        rows=3,
        limit=500,
        min_length=actions.SHORTEST_REASON,
        help_text=gettext_lazy("The person gets it by e-mail, and it is written down with your name."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = [("close", _("Close the user"))] if user.is_active else [("open", _("Open the user again"))]
        if user.has_second_step:
            possible.append(("forget", _("Remove the second step, for somebody who lost the phone")))
        self.fields["what"].choices = possible  # type: ignore[attr-defined]


@operators
def user_list(request: HttpRequest) -> HttpResponse:
    form = UserFilter(request.GET)
    found = actions.users()
    if form.is_valid():
        q, state = form.cleaned_data["q"], form.cleaned_data["state"]
        found = found.filter(Q(name__icontains=q) | Q(email__icontains=q)).filter(STATES.get(state, Q()))
    table = tables.page(request, UserTable(found))
    if request.GET.get("format") == "xlsx":
        require_fresh(request)
        record("exported", by=request.user, detail={"what": "users"})
        return writing.response(table, file_name="brukere.xlsx")
    shown = {"filter": form, "table": table}
    return TemplateResponse(request, "operations/users.html", shown)


@operators
@fresh
def user_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One user: how it stands, what was done with it, and what can be done; never what the person has written."""
    found = get_object_or_404(actions.users(), pk=pk)
    form = UserForm(request.POST if request.method == "POST" else None, user=found)
    if form.is_valid():
        VERBS[form.cleaned_data["what"]](user=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("It is done, and %(name)s is told by e-mail.") % {"name": found})
        return redirect("operated_user", pk)
    acts = Act.objects.about(found).filter(verb__in=[actions.CLOSED, actions.OPENED, actions.FORGOTTEN])
    shown = {
        "found": found,
        "state": state_of(found),
        "form": form,
        "is_self": found.pk == request.user.pk,
        "acts": acts.select_related("by").order_by("-at")[:25],
    }
    return TemplateResponse(request, "operations/user.html", shown)
