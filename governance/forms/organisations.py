from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Organisation


class ContactForm(forms.DsModelForm):
    """What the municipality's own people keep up to date."""

    class Meta:
        model = Organisation
        fields = ["website", "email_domain"]


class DayForm(forms.FilterForm):
    """A day to look back at."""

    dato = forms.DateField(label=_("Who was this on"))
