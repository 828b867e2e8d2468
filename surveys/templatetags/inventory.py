from typing import Any

from django import template

from governance.models import Organisation
from surveys import addresses

register = template.Library()


@register.simple_tag
def own_url(owner: Organisation, name: str, *rest: Any) -> str:
    """``{% own_url municipality "system" use.pk %}``: a page of the own inventory, also an IT collaboration's."""
    return addresses.own_url(owner, name, *rest)
