"""«Du handler på vegne av …»: for whom a person acts, chosen where one has roles for several.

The choice stands in the session, in the head of each page, in each form, and beside the name in the history of what
is registered. It gives no right: it only says which of the person's own roles is used. Who has roles for several and
has not chosen, or whose chosen role has ended, registers nothing in anybody's name before having chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pghistory
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts import access
from digivesteralen.accounts.access import ChooseFirst, NotAllowedNow, allowed, holds
from digivesteralen.ui.middleware import RefusalMiddleware
from governance.models import Appointment, Organisation, Role
from governance.models.people import WITHOUT_VOTE

SESSION = "on_behalf"
# Each form says whom the page was shown for, in this field.
SHOWN_FOR = "shown_for"
# What is said in a municipality's name; to look at it is no such act.
IN_ITS_NAME = {
    "governance.decide_for_municipality", "governance.update_contact", "governance.report_effort",
    "governance.answer_surveys", "governance.send_proposal", "governance.edit_inventory",
    "governance.confirm_inventory",
}  # fmt: skip

_current: ContextVar[Acting | None] = ContextVar("on_behalf", default=None)


@dataclass
class Capacity:
    """One party that a person acts for, with the roles that the person holds for it today."""

    key: str
    place: Any
    roles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.place}, {', '.join(self.roles)}"


class Acting:
    """What the person of one request has roles for, and which of them was chosen."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.user, self.key = request, request.user, request.session.get(SESSION)

    @cached_property
    def mine(self) -> list[Capacity]:
        return held(self.user)

    @cached_property
    def chosen(self) -> Capacity | None:
        """Who has roles for one party alone need not choose; where the chosen role ended, no other takes its place."""
        if self.key is None:
            return self.mine[0] if len(self.mine) == 1 else None
        return next((one for one in self.mine if one.key == self.key), None)

    @property
    def ended(self) -> bool:
        return self.key is not None and self.chosen is None and bool(self.mine)

    @property
    def must_choose(self) -> bool:
        return self.chosen is None and bool(self.mine)

    @property
    def shown_for(self) -> str | None:
        """What the forms of a page carry; nothing for one who never has a choice to make."""
        return (self.key or "") if len(self.mine) > 1 or self.ended else None

    def refuse_another(self) -> None:
        """A form that was shown for another party than the one chosen now saves nothing.

        Asked when a form comes in, and with each right: one that waited while the person signed in anew comes in as
        the sign-in, and turns into itself afterwards.
        """
        if self.request.method != "POST" or self.request.path.startswith("/konto/"):
            return
        shown_for = self.request.POST.get(SHOWN_FOR)
        if shown_for is None or shown_for == (self.key or ""):
            return
        known = next((one for one in self.mine if one.key == shown_for), None)
        sentence = _("The page was shown before you chose whom you act for. Open it again, and see that it is right.")
        if known is not None:
            sentence = _(
                "The page was shown while you acted on behalf of %(then)s, and you have chosen another since. "
                "Open it again, or choose %(then)s."
            ) % {"then": known.place}
        raise ChooseFirst(sentence, [(known.key, str(known))] if known else [])

    def sentence(self) -> str:
        if self.ended:
            return _("The role you acted for has ended. Choose anew.")
        return _("You have roles for several. Choose first whom you act for.")


def held(user: Any) -> list[Capacity]:
    """By the appointments of the day; a seat is held for the party it represents."""
    appointments = (
        Appointment.objects.active()
        .filter(person__user=user.pk)
        .exclude(role__in=[Role.MEMBER, Role.DEPUTY, *WITHOUT_VOTE])
        .select_related("organisation", "collaboration", "body", "represents")
        .only("role", "person", "organisation__name", "collaboration__name", "body__name", "represents__name")
        .order_by("pk")
    )
    found: dict[str, Capacity] = {}
    for one in appointments:
        place = one.represents or one.place
        key = f"{place._meta.model_name}:{place.pk}"
        role = str(one.get_role_display())
        capacity = found.setdefault(key, Capacity(key, place))
        if role not in capacity.roles:
            capacity.roles.append(role)
    return list(found.values())


def shown(user: Any) -> list[Capacity]:
    """For the head and the menu of a page: as the request has found them already."""
    acting = _current.get()
    return acting.mine if acting is not None and acting.user.pk == user.pk else held(user)


def choose(request: HttpRequest, key: str) -> Capacity:
    """Among the person's own; nobody acts for others than those."""
    chosen = next((one for one in held(request.user) if one.key == key), None)
    if chosen is None:
        raise NotAllowedNow(_("You have no role there today. Choose another."))
    request.session[SESSION] = key
    return chosen


def own(places: QuerySet[Organisation], user: Any, right: str = "governance.view_organisation") -> Organisation | None:
    """Which of these the person belongs to: of several the one acted for now, and none before it is chosen."""
    mine = list(allowed(places, user, right))
    acting = _current.get()
    if acting is None or not mine:
        return mine[0] if mine else None
    if acting.chosen is not None and acting.chosen.place in mine:
        return next(one for one in mine if one == acting.chosen.place)
    return mine[0] if len(mine) == 1 and not acting.ended else None


def own_first(places: list[Organisation]) -> list[Organisation]:
    """The one acted for now comes first where a person may choose among several."""
    acting = _current.get()
    chosen = acting.chosen.place if acting is not None and acting.chosen is not None else None
    return sorted(places, key=lambda place: place != chosen)


def own_alone(places: list[Organisation]) -> list[Organisation]:
    """The one acted for now, where it is among these; a form that is filled in for several is in no one's name."""
    acting = _current.get()
    chosen = acting.chosen.place if acting is not None and acting.chosen is not None else None
    return [chosen] if chosen in places else places


def speak_for(user: Any, place: Organisation) -> None:
    """What is said in a municipality's name is said by who acts for it now; asked with each right of that kind."""
    choose_first(user)
    acting = _current.get()
    if acting is None or acting.user.pk != user.pk:
        return
    if acting.chosen is not None and acting.chosen.place != place and any(one.place == place for one in acting.mine):
        raise ChooseFirst(
            _("You act on behalf of %(now)s. Choose %(other)s, and try again.")
            % {"now": acting.chosen.place, "other": place},
            [(one.key, str(one)) for one in acting.mine if one.place == place],
        )


def speak_as_own(user: Any, right: str, place: Any) -> None:
    """For verbs that others may do too: one of the municipality's own people does it in its name."""
    if isinstance(place, Organisation) and holds(user, right, place):
        speak_for(user, place)


def choose_first(user: Any) -> None:
    """Where the verb itself would find the municipality by the choice."""
    acting = _current.get()
    if acting is not None and acting.user.pk == user.pk and acting.must_choose:
        raise ChooseFirst(acting.sentence(), [(one.key, str(one)) for one in acting.mine])


def _ask(user: Any, right: str, on: Any) -> None:
    acting = _current.get()
    if acting is not None and acting.user.pk == user.pk:
        acting.refuse_another()
    if right in IN_ITS_NAME and isinstance(on, Organisation):
        speak_for(user, on)


class OnBehalfMiddleware:
    """Finds the choice again; a form that was shown for another party than the one chosen now saves nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        acting = Acting(request)
        request.acting = acting  # type: ignore[attr-defined]
        with _acting(acting, writes=request.method == "POST"):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponse | None:
        acting = getattr(request, "acting", None)
        try:
            if acting is not None:
                acting.refuse_another()
        except ChooseFirst as refused:
            return RefusalMiddleware(self.get_response).process_exception(request, refused)
        return None


@contextmanager
def _acting(acting: Acting, *, writes: bool) -> Iterator[None]:
    token = _current.set(acting)
    named = {"on_behalf": str(acting.chosen.place)} if (writes or acting.key) and acting.chosen else {}
    try:
        with access.asked_also(_ask), pghistory.context(**named):
            yield
    finally:
        _current.reset(token)
