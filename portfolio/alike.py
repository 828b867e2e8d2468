"""What looks like an idea: other ideas, projects, what a member buys alone, and what others run (K5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portfolio.models import Idea, Initiative, Project
from portfolio.models.ideas import IdeaArea
from portfolio.models.projects import ProjectArea
from surveys.models import OwnPurchase

# Short titles share much by chance; below this two of them are not about the same.
ALIKE = 0.4
SHOWN = 5


@dataclass(frozen=True)
class Alike:
    """One thing that looks like the idea: what it is, its name, and where it stands."""

    kind: str
    name: str
    url: str
    state: str


def alike(idea: Idea) -> list[Alike]:
    """Those of a similar title or in the same area, whatever they are; the municipalities' own ways are named too."""
    areas = list(idea.areas.values_list("pk", flat=True))
    return [*_ideas(idea, areas), *_projects(idea, areas), *_purchases(idea, areas), *_initiatives(idea)]


def _near(found: Any, title: str, in_area: Any, name: str = "title") -> Any:
    """The most similar first; one in the same area counts, whatever it is called."""
    named = found.annotate(likeness=TrigramSimilarity(name, title), same_area=in_area)
    return named.filter(Q(likeness__gte=ALIKE) | Q(same_area=True)).order_by("-likeness", "pk")[:SHOWN]


def _ideas(idea: Idea, areas: list[int]) -> list[Alike]:
    others = idea.collaboration.ideas.exclude(pk=idea.pk).exclude(state=Idea.State.TAKEN)
    same = Exists(IdeaArea.objects.filter(idea=OuterRef("pk"), area__in=areas))
    found = _near(others.select_related("collaboration"), idea.title, same)
    return [Alike(_("Idea"), str(one), one.get_absolute_url(), one.get_state_display()) for one in found]


def _projects(idea: Idea, areas: list[int]) -> list[Alike]:
    others = idea.collaboration.projects.exclude(state=Project.State.STOPPED)
    same = Exists(ProjectArea.objects.filter(project=OuterRef("pk"), area__in=areas))
    found = _near(others.select_related("collaboration"), idea.title, same)
    return [Alike(_("Project"), one.title, one.get_absolute_url(), one.get_state_display()) for one in found]


def _purchases(idea: Idea, areas: list[int]) -> list[Alike]:
    """«Egne løp»: a member that is about to buy in the same area by itself."""
    bought = OwnPurchase.objects.under_way().filter(area__in=areas, municipality__in=idea.collaboration.sharing())
    url = reverse("procurement", args=[idea.collaboration.slug])
    return [
        Alike(_("Own purchase"), f"{one.municipality}: {one.title}", url, "")
        for one in bought.select_related("municipality").order_by("pk")[:SHOWN]
    ]


def _initiatives(idea: Idea) -> list[Alike]:
    known = Initiative.objects.filter(collaboration=idea.collaboration).select_related("collaboration")
    near = known.annotate(likeness=TrigramSimilarity("name", idea.title)).filter(likeness__gte=ALIKE)
    return [
        Alike(_("Initiative of others"), one.name, one.get_absolute_url(), one.run_by)
        for one in near.order_by("-likeness", "pk")[:SHOWN]
    ]
