from digivesteralen.ui import forms
from governance.models import Organisation


class ContactForm(forms.DsModelForm):
    """What the municipality's own people keep up to date."""

    class Meta:
        model = Organisation
        fields = ["website", "email_domain"]
