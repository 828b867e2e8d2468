"""How long a kind of data is kept in this installation. What is done when its time is over stands in ``privacy``."""

from digivesteralen.audit.models import RetentionRule


class Unfinished(Exception):
    """Some of a kind could not be erased. The rest was, and the page says that it failed."""

    def __init__(self, erased: int) -> None:
        super().__init__(erased)
        self.erased = erased


def kept_for(kind: str, months: int) -> int:
    """The installation's own number of months, or what the kind itself says."""
    own = RetentionRule.objects.filter(kind=kind).values_list("months", flat=True).first()
    return own if own is not None else months
