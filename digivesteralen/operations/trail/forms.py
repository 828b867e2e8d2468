"""What of a history is shown."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from digivesteralen.audit.history import Wanted, names_of, narrowed
from digivesteralen.audit.models import Act
from digivesteralen.audit.templatetags.audit import WORD
from digivesteralen.audit.wording import verb_in_words
from digivesteralen.ui import forms

# In the address, for the portal itself, which is nobody.
THE_PORTAL = 0


class HistoryFilter(forms.FilterForm):
    """Who, what and when."""

    person = forms.forms.TypedChoiceField(label=_("Who"), coerce=int, empty_value=None)
    kind = forms.forms.ChoiceField(
        label=_("What"),
        choices=[("", _("Everything")), ("changes", _("Changes")), ("acts", _("Looked at or taken out"))],
    )
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("To"))

    def __init__(self, data: QueryDict, *, people: dict[int | None, str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        names = sorted(((key or THE_PORTAL, name) for key, name in people.items()), key=lambda pair: pair[1])
        self.fields["person"].choices = [("", _("Everybody")), *names]  # type: ignore[attr-defined]

    @property
    def kept(self) -> list[tuple[str, str]]:
        return [(WORD, self.data[WORD])]

    def wanted(self) -> Wanted:
        if not self.is_valid():
            return Wanted()
        return Wanted(**{name: self.cleaned_data[name] for name in ("person", "kind", "since", "until")})


class ActsFilter(forms.FilterForm):
    """The acts of a collaboration: whose, of what kind, and when."""

    person = forms.forms.TypedChoiceField(label=_("Who"), coerce=int, empty_value=None)
    verb = forms.forms.ChoiceField(label=_("What"))
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("To"))

    def __init__(self, data: QueryDict, *, acts: QuerySet[Act], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        people = names_of(acts.order_by().values_list("by_id", flat=True).distinct())
        known = sorted(((key or THE_PORTAL, name) for key, name in people.items()), key=lambda pair: pair[1])
        verbs = acts.order_by().values_list("verb", flat=True).distinct()
        told = sorted(((verb, verb_in_words(verb)) for verb in verbs), key=lambda pair: pair[1])
        self.fields["person"].choices = [("", _("Everybody")), *known]  # type: ignore[attr-defined]
        self.fields["verb"].choices = [("", _("Everything")), *told]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        if not self.is_valid():
            return Wanted()
        return Wanted(**{name: self.cleaned_data[name] for name in ("person", "since", "until")})

    def narrow(self, acts: QuerySet[Act]) -> QuerySet[Act]:
        found: QuerySet[Act] = narrowed(acts, self.wanted(), "at", "by_id")
        verb = self.cleaned_data.get("verb") if self.is_valid() else ""
        return found.filter(verb=verb) if verb else found
