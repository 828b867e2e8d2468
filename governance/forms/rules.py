from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance import laws
from governance.forms.bodies import decided_field, offer_resolutions, resolution_field
from governance.models import Body, RuleProfile


class RulesForm(forms.DsForm):
    """The rules a body decides by, and the day from which they hold."""

    fields: dict[str, Any]

    since = forms.DateField(label=_("From"), help_text=_("The rules hold for meetings from this day on."))
    rules = forms.RadioField(label=_("Rules"), choices=RuleProfile.Rules.choices)
    decision_rule = forms.RadioField(label=_("How it decides"), choices=RuleProfile.DecisionRule.choices)
    quorum = forms.forms.ChoiceField(label=_("Quorum"), choices=RuleProfile.Quorum)
    between_meetings = forms.forms.ChoiceField(label=_("Decides between meetings"), choices=RuleProfile.Between)
    minutes_approval = forms.forms.ChoiceField(label=_("How minutes are approved"), choices=RuleProfile.Approval)
    remark_days = forms.forms.IntegerField(label=_("Days for remarks to the minutes"), min_value=1, max_value=60)
    casting_vote = forms.forms.BooleanField(label=_("The chair's vote decides a tie"), required=False)
    may_abstain = forms.forms.BooleanField(label=_("Members may abstain"), required=False)
    may_reserve = forms.forms.BooleanField(label=_("Members may record a reservation"), required=False)
    resolution = resolution_field()
    decided_by = decided_field()

    folded = [
        (_("More rules"), ["quorum", "between_meetings", "casting_vote", "may_abstain", "may_reserve"]),
    ]

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_resolutions(self, body.collaboration)
        self.fields["rules"].help_text = format_lazy(
            _("Where {chapter} binds the body, the act settles quorum, voting and written treatment ({ground})."),
            chapter=laws.provision("elected_body"),
            ground=laws.provision("written_treatment").dated,
        )
