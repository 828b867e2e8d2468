from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.models import User
from digivesteralen.ui import forms


class ProfileForm(forms.DsModelForm):
    class Meta:
        model = User
        fields = ["name", "language", "color_scheme"]
        help_texts = {"color_scheme": _("Dark colours are easier on the eyes in the evening.")}
