from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    """What we do: strategy, focus areas, projects, who takes part in them and who pays."""

    name = "portfolio"

    def ready(self) -> None:
        from django.urls import reverse  # noqa: PLC0415 -- apps are loaded first

        from digivesteralen.audit import wording  # noqa: PLC0415 -- apps are loaded first
        from digivesteralen.documents import registry  # noqa: PLC0415 -- apps are loaded first
        from digivesteralen.ui import menu  # noqa: PLC0415 -- apps are loaded first
        from governance import (  # noqa: PLC0415 -- apps are loaded first
            adoption_panels,
            calendars,
            case_panels,
            consequences,
            organisation_panels,
        )
        from portfolio import (  # noqa: PLC0415 -- apps are loaded first
            asked_share,
            benefit_kinds,
            cost_kinds,
            council_paper,
            finding_projects,
            former_sections,
            gate_kinds,
            gathering_calendar,
            gathering_mail,
            idea_kinds,
            list_document,
            money_kinds,
            portfolio_document,
            project_kinds,
            ranking_document,
            status_kinds,
            strategy_document,
            timeline_document,
        )
        from portfolio.actions import (  # noqa: PLC0415 -- apps are loaded first
            accession,
            cases,
            editions,
            lists,
            meeting_papers,
            participation,
            shares,
            versions,
        )
        from portfolio.models import PortfolioVersion  # noqa: PLC0415 -- apps are loaded first
        from portfolio.views import council_papers, initiatives, window_ideas  # noqa: PLC0415 -- apps are loaded first
        from portfolio.views.case_panels import portfolio_laid  # noqa: PLC0415 -- apps are loaded first
        from surveys import (  # noqa: PLC0415 -- apps are loaded first
            finding_links,
            window_panels,
        )

        menu.register(
            _("Portfolio"),
            lambda place: reverse("portfolio", args=[place.slug]) if place else "",
            right="governance.view_collaboration",
            order=30,
        )
        registry.register(
            versions.DOCUMENT,
            container=portfolio_document.collaboration_of,
            right="governance.view_collaboration",
            work=portfolio_document.make,
            title=_("Portfolio"),
            stays=True,
        )
        registry.register(
            lists.DOCUMENT,
            container=lists.collaboration_of,
            right="governance.view_collaboration",
            work=list_document.make,
            title=_("List of the portfolio"),
        )
        registry.register(
            lists.TIMELINE,
            container=lists.collaboration_of,
            right="governance.view_collaboration",
            work=timeline_document.make,
            title=_("Timeline"),
        )
        registry.register(
            meeting_papers.STRATEGY,
            container=meeting_papers.place_of_strategy,
            right=meeting_papers.SEE,
            work=strategy_document.make,
            title=_("Strategy"),
        )
        registry.register(
            meeting_papers.RANKING,
            container=meeting_papers.place_of_ranking,
            right=meeting_papers.SEE,
            work=ranking_document.make,
            title=_("Saved ranking"),
        )
        registry.register(
            shares.RECALCULATION,
            container=shares.collaboration_of,
            right="governance.manage_portfolio",
            work=shares.make,
            title=_("Shares worked out anew"),
        )
        for kind, container, right in [
            (council_paper.OPEN, council_paper.collaboration_of, "governance.view_collaboration"),
            (council_paper.EXEMPT, council_paper.municipality_of, "governance.decide_for_municipality"),
        ]:
            registry.register(kind, container=container, right=right, work=council_paper.make, title=_("Case paper"))
        adoption_panels.register(council_papers.panel)
        organisation_panels.register(initiatives.panel)
        finding_links.register(finding_projects.measures_of)
        finding_links.register(finding_projects.projects_of)
        benefit_kinds.register()
        cost_kinds.register()
        gathering_mail.register()
        calendars.also(gathering_calendar.own)
        case_panels.register(portfolio_laid, PortfolioVersion)
        window_panels.register(window_ideas.panel)
        gate_kinds.register()
        former_sections.register()
        consequences.on_resolution(versions.on_resolution)
        consequences.on_resolution(editions.on_resolution)
        consequences.opens_adoptions(cases.opens_adoptions)
        consequences.opens_adoptions(accession.opens_adoptions)
        consequences.asks_more(participation.asks_more)
        consequences.covers(asked_share.share_of)
        consequences.on_adoption(shares.on_adoption)
        consequences.on_population(shares.on_population)
        idea_kinds.register()
        project_kinds.register()
        status_kinds.register()
        money_kinds.register()
        wording.tell("council_paper_made", _("took out a saksframlegg"))
        wording.tell("invitation_taken_back", _("took back an invitation"))
        wording.tell("project_shared", _("shared the project with somebody from outside"))
        wording.tell("sharing_ended", _("ended a sharing with somebody from outside"))
