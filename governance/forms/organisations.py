from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Organisation


class ContactForm(forms.DsModelForm):
    """What the municipality's own people keep up to date."""

    class Meta:
        model = Organisation
        fields = ["website", "email_domain"]


class ContestForm(forms.DsForm):
    """Why the municipality is not a member of the collaboration that wrote it down."""

    why = forms.TextField(label=_("Why is the municipality not a member?"), rows=3)


class FormerFilter(forms.FilterForm):
    """Narrow what there was."""

    q = forms.forms.CharField(label=_("Search"))


class DayForm(forms.FilterForm):
    """A day to look back at."""

    dato = forms.DateField(label=_("Who was this on"))
