"""The strategy and a saved ranking as PDF, for the papers of a meeting: ordered as a job, read by the collaboration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.access import may_see
from digivesteralen.documents.models import Document, Job
from governance.models import Collaboration
from portfolio.actions import editions, focus_areas, meeting_papers, ordering, projects, rankings, strategy
from portfolio.models import FocusArea, Strategy
from tests.printed import text_of


def made(job: Job) -> Document:
    done = jobs.run(job.pk)
    assert done.state == Job.State.DONE, done.error
    assert done.document is not None
    return done.document


@pytest.fixture
def first(digi: Collaboration, area: FocusArea, secretary: User) -> Strategy:
    focus_areas.register_measure(focus_area=area, text="Lære av hverandre", by=secretary)
    found = strategy.register_strategy(collaboration=digi, vision="Enklere hverdag", by=secretary)
    strategy.add_goal(strategy=found, title="Kompetanse", text="Nok folk", by=secretary)
    return found


def test_the_strategy_is_ordered_on_its_page_and_read_by_the_collaboration(
    go: Callable[[User], Client], first: Strategy, secretary: User, it_leader: User, outsider: User
) -> None:
    address = reverse("strategy_pdf", args=["vesteralen", first.number])
    assert address in go(secretary).get(first.get_absolute_url()).content.decode()
    assert go(secretary).post(address).status_code == 302
    paper = made(Job.objects.get(kind=meeting_papers.STRATEGY))
    told = text_of(files.content(paper))
    for words in ("Enklere hverdag", "Kompetanse: Nok folk", "Lære av hverandre", "Ikke vedtatt"):
        assert words in told, words
    assert may_see(it_leader, paper) and not may_see(outsider, paper)
    assert go(outsider).post(address).status_code == 404
    with pytest.raises(PermissionDenied):
        meeting_papers.order_strategy(strategy=first, by=outsider)


def test_an_edition_that_only_its_writers_read_is_no_paper_yet(first: Strategy, secretary: User) -> None:
    editions.adopt_dated(strategy=first, adopted_on=timezone.localdate(), adopted_by="styringsgruppen", by=secretary)
    second = editions.new_edition(collaboration=first.collaboration, reason="Ny periode", by=secretary)
    with pytest.raises(NotAllowedNow):
        meeting_papers.order_strategy(strategy=second, by=secretary)


def test_a_saved_ranking_stands_as_it_was_saved_with_what_has_moved(
    go: Callable[[User], Client], digi: Collaboration, secretary: User, outsider: User
) -> None:
    for title in ("Felles sakarkiv", "Felles vakt"):
        projects.register_project(collaboration=digi, title=title, by=secretary)
    rankings.save_ranking(collaboration=digi, name="Våren", reason="Til møtet", by=secretary)
    ordering.move(collaboration=digi, key="prosjekt-2", to=1, by=secretary)
    saved = rankings.save_ranking(collaboration=digi, name="Høsten", reason="Vakta haster", by=secretary)
    address = reverse("ranking_pdf", args=["vesteralen", saved.number])
    assert address in go(secretary).get(saved.get_absolute_url()).content.decode()
    assert go(secretary).post(address).status_code == 302
    told = text_of(files.content(made(Job.objects.get(kind=meeting_papers.RANKING))))
    assert told.index("Felles vakt") < told.index("Felles sakarkiv")
    for words in ("Vakta haster", "1 plass opp", "1 plass ned", "Ikke vedtatt"):
        assert words in told, words
    assert go(outsider).post(address).status_code == 404
