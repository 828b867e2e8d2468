"""A real place for each address: what stands in it of slugs and numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from governance.models import CaseAttachment, Delegation, EmergencyAccess, Forwarding, Organisation, Region
from portfolio.gathering_mail import evaluation_token
from portfolio.models import Registration
from surveys.models import (
    ApplicationForm,
    CollectedDocument,
    ContractAlert,
    ImportJob,
    InfrastructureFact,
    OwnPurchase,
    Supplier,
    SystemUse,
)
from surveys.windows import windows
from tests.addresses.urlconf import ADDRESSES, OURS
from tests.addresses.world import World, a_system, documents_of, membership


@lru_cache(maxsize=1)
def places(world: World) -> dict[str, Any]:
    """The words in an address, each with something that is there; by name of the address where one word means more."""
    ours = world.ours
    report = ours.reports.earliest("pk")
    category = ours.finding_categories.earliest("pk")
    extract, job = documents_of(world)
    numbered = world.called.items.select_related("case").earliest("position").case
    uploads = {one.kind: one for one in ImportJob.objects.filter(collaboration=ours)}
    change = world.called.items.exclude(attendance_changes=None).get().attendance_changes.get()
    agreement = ours.agreements.get(slug="samarbeidsavtale-2021")
    item = world.called.items.earliest("position")
    survey = ours.surveys.earliest("pk")
    person = ours.known_people.earliest("pk")
    project = ours.projects.get(slug="felles-sakarkiv")
    version = ours.portfolio_versions.earliest("pk")
    words: dict[str, Any] = {
        "initiativ": ours.initiatives.get().slug,
        "samarbeid": ours.slug, "organ": world.steering.slug, "avtale": agreement.slug, "prosjekt": project.slug,
        "omrade": ours.focus_areas.earliest("pk").slug, "ar": ours.base_budgets.earliest("pk").year,
        "sak": world.on_behalf.key, "kommune": "1870", "number": version.number,
        "edition": report.edition,  "vei": "opp", "slug": survey.slug, "losning": "digihelse",
        "token": world.calendar, "hva": "innkalling", "key": f"prosjekt-{project.number}",
    }  # fmt: skip
    pks: dict[str, Any] = {
        "document": extract.pk, "job": job.pk, "job_cancel": job.pk, "job_again": job.pk,
        "drift_try_again": job.pk, "drift_stop": job.pk,
        "inventory_answer": a_system(world).area_id, "system": a_system(world).pk, "system_copy": a_system(world).pk,
        "system_remove": a_system(world).pk, "system_restore": a_system(world).pk,
        "question": survey.questions.earliest("pk").pk,
        "response": survey.responses.get().pk, "response_change": survey.responses.get().pk,
        "activity": ours.insight_activities.earliest("pk").pk,
        "finding_category": category.pk, "finding_remark": category.pk,
        "finding": category.findings.earliest("pk").pk, "finding_move": category.findings.earliest("pk").pk,
        "finding_remove": category.findings.earliest("pk").pk,
        **dict.fromkeys(["change_activity", "activity_done", "remove_activity"], ours.activities.get().pk),
        "grant": ours.grants.earliest("pk").pk, "own_effort": ours.own_efforts.earliest("pk").pk,
        "change_role": project.roles.earliest("pk").pk, "adopt_mandate": project.mandates.earliest("pk").pk,
        **dict.fromkeys(["project_document", "replace_document"], project.documents.earliest("pk").pk),
        "shared_document": project.documents.filter(access="open").newest().earliest("pk").pk,
        "stop_sharing": project.guests.get().pk,
        "end_emergency": EmergencyAccess.objects.get().pk,
        "change_deliverable": project.deliverables.earliest("pk").pk,
        "change_precondition": project.preconditions.earliest("pk").pk,
        "remove_dependency": project.dependencies.earliest("pk").pk,
        **dict.fromkeys(
            ["change_milestone", "reach_milestone", "remove_milestone", "check_milestone"],
            project.milestones.get(title="En milepæl").pk,
        ),
        "delete_filter": ours.saved_filters.get().pk,
        "council_paper": world.on_behalf.pk, "council_paper_pdf": world.on_behalf.pk,
        "report_chapter": report.chapters.earliest("pk").pk,
        "case_draft": world.draft_case.pk, "edit_case": world.draft_case.pk, "withdraw_case": world.draft_case.pk,
        "case_ready": world.draft_case.pk, "case_back": world.draft_case.pk, "bring_back_case": world.draft_case.pk,
        "give_view": numbered.pk, "point": _point(world).pk, "hand_over_point": _point(world).pk, "move_item": item.pk,
        **dict.fromkeys(["resolve", "note_treatment", "step_down", "change_sent", "new_disqualification"], item.pk),
        **dict.fromkeys(["disqualification", "remove_disqualification"], item.disqualifications.get().pk),
        "warn_of_disqualification": numbered.pk,
        **dict.fromkeys(["edit_fixed", "stop_fixed"], world.steering.fixed_items.earliest("pk").pk),
        "case_exemption": world.draft_case.pk, "case_event": world.draft_case.pk,
        "earlier_decisions": world.draft_case.pk, "quote_decision": world.draft_case.pk,
        "attach": world.draft_case.pk, "keep_draft": world.draft_case.pk, "discard_draft": world.draft_case.pk,
        "order_extract": item.pk, "take_up_again": numbered.pk, "treat_remark": world.called.remarks.get().pk,
        "review_date": numbered.pk,
        **dict.fromkeys(["case_attachment", "edit_attachment", "move_attachment", "detach"], _attachment(world).pk),
        "step_out": item.pk,
        "resolve_as_usual": item.pk, "assign_points": item.pk, "record_change": item.pk, "remove_change": change.pk,
        **dict.fromkeys(["end_member", "edit_member"], membership(world).pk),
        "end_duty": ours.duties.earliest("pk").pk,
        "end_appointment": world.steering.seats.filter(until=None).earliest("pk").pk,
        "person": person.pk, "edit_person": person.pk, "add_role": person.pk, "invite": person.pk,
        "withdraw_invitation": person.pk, "end_session": 0,
        "operated_user": min(one.pk for one in world.users.values()),
        **dict.fromkeys(["personal_data", "personal_data_file", "erase_contact_data"], person.pk),
        "write_value": world.hadsel.pk, "remove_party": world.hadsel.pk,
        "decide_on_spot": world.on_behalf.pk, "forward_case": numbered.pk,
        "answer_forwarding": Forwarding.objects.get(case__body__collaboration=ours).pk,
    }  # fmt: skip
    pks |= {name: ours.proposals.latest("pk").pk for name in OURS if "/forslag/<int:pk>/" in ADDRESSES[name].route}
    pks |= _registered(world)
    pks |= {name: _region(world).pk for name in ("region", "edit_region", "add_to_region")}
    pks |= {"leave_region": _region(world).memberships.get().pk}
    pks |= dict.fromkeys(["organisation", "edit_organisation", "rename_organisation"], _supplier().pk)
    pks |= dict.fromkeys(
        ("product", "product_change", "alias_add", "alias_remove", "product_merge", "merge_undo"),
        a_system(world).product_id,
    )
    pks |= dict.fromkeys(("supplier", "supplier_change"), Supplier.objects.earliest("pk").pk)
    pks |= dict.fromkeys(["procurement_window", "window_idea"], windows(ours)[0].area.pk)
    bought = OwnPurchase.objects.under_way().get(municipality=world.sortland)
    pks |= dict.fromkeys(["own_purchase", "own_purchase_end"], bought.pk)
    shared_system = world.it_collaboration.inventory.uses.earliest("pk")
    pks |= {"contract_alert_handle": _alert(a_system(world)).pk, "it_contract_alert_handle": _alert(shared_system).pk}
    waiting = ours.ideas.get(title="En idé")
    pks |= {name: waiting.pk for name in OURS if "/ideer/<int:pk>/" in ADDRESSES[name].route}
    called = ours.application_lists.get(title="En søknadsliste")
    pks |= {name: called.pk for name in OURS if "/soknadslister/<int:pk>/" in ADDRESSES[name].route}
    words |= {"soknad": called.applications.get().pk}
    pks |= {"proposal_idea": ours.proposals.latest("pk").pk}
    own = project.participations.get(organisation=world.sortland)
    pks |= dict.fromkeys(("change_rollout_step", "remove_rollout_step"), own.steps.get().pk)
    pks |= dict.fromkeys(("change_contribution", "remove_contribution"), own.contributions.get().pk)
    line = own.benefit_lines.latest("pk")
    pks |= {name: line.benefit_id for name in OURS if "/gevinster/<int:pk>/" in ADDRESSES[name].route}
    pks |= dict.fromkeys(("change_chain", "remove_chain"), project.benefit_chains.latest("pk").pk)
    told = project.status_reports.published().earliest("pk")
    pks |= dict.fromkeys(("status_report", "change_status", "publish_status", "delete_status"), told.pk)
    grant = ours.grants.earliest("pk")
    of_grant = {"change_grant", "new_allocation", "allocation", "remove_allocation", "new_spending", "spending",
                "remove_spending"}  # fmt: skip
    pks |= {name: grant.pk for name in OURS if name.startswith("grant_") or name in of_grant}
    pks |= {"change_rate": ours.hourly_rates.earliest("pk").pk}
    pks |= dict.fromkeys(["change_account", "remove_account"], project.accounts.earliest("pk").pk)
    lines = dict.fromkeys(["allocation", "remove_allocation"], grant.allocations.earliest("pk").pk)
    lines |= {"correct_measurement": line.measurements.get().pk}
    lines |= dict.fromkeys(["spending", "remove_spending"], grant.spending.earliest("pk").pk)
    pks |= {name: uploads["survey"].pk for name in OURS if name == "import" or name.startswith("import_")}
    pks |= {name: world.on_behalf.pk for name in OURS if "adoption" in name or name == "register_on_behalf"}
    words |= {"runde": ours.confirmation_rounds.earliest("pk").pk, "it": world.it_collaboration.pk}
    pks |= {"coverage_end": world.it_collaboration.covers.earliest("pk").pk, "round_confirm": a_system(world).pk}
    pks |= {"round_confirm_group": a_system(world).area.service_area_id}
    common = world.it_collaboration.inventory.uses.earliest("pk").pk
    pks |= dict.fromkeys(["it_system", "it_system_remove", "it_system_restore"], common)
    numbers: dict[str, Any] = {
        "give_view": "1866", "case": numbered.sequence, **dict.fromkeys(_meetings(), world.called.number)
    }  # fmt: skip
    years = {"case": numbered.year - 2000, **dict.fromkeys(_meetings(), world.called.year)}
    shown_to_all = ("public_minutes", "public_minutes_pdf")
    numbers |= dict.fromkeys(shown_to_all, world.approved.number)
    years |= dict.fromkeys(shown_to_all, world.approved.year)
    slugs = {name: report.slug for name in OURS if "/rapporter/" in ADDRESSES[name].route}
    answered_here = ours.surveys.filter(in_portal=True).latest("opens_on")
    slugs |= {name: answered_here.slug for name in OURS if "/svar-for/" in ADDRESSES[name].route}
    slugs |= dict.fromkeys(["survey_standings", "survey_remind"], answered_here.slug)
    model = ours.maturity_models.earliest("pk")
    pks |= {"maturity_copy": model.pk}
    put_again = ours.survey_series.earliest("pk").pk
    pks |= dict.fromkeys(["survey_series", "survey_series_change", "survey_series_link"], put_again)
    pks |= dict.fromkeys(["dimension", "dimension_move", "dimension_remove"], model.dimensions.earliest("pk").pk)
    clauses = agreement.sections.earliest("pk").pk
    pks |= dict.fromkeys(["edit_clause", "remove_clause", "move_clause"], clauses)
    pks |= dict.fromkeys(["edit_obligation", "remove_obligation"], agreement.obligations.earliest("pk").pk)
    pks |= {"leave_agreement": world.hadsel.pk, "wish_to_leave": world.sortland.pk}
    words |= {"av": "kommune", "vedtak": world.on_behalf.pk}
    words |= {"versjon": 1, "risiko": 1, "innslag": 1}
    pks |= {"take_back_form": ours.legal_forms.get().pk, "assess_form": ours.form_reviews.get(assessed_on=None).pk}
    words |= {"modell": model.slug, "steg": 1}
    goals = ours.strategies.get().goals
    pks |= dict.fromkeys(
        ["goal", "change_goal", "remove_goal", "move_goal", "new_goal_note", "new_indicator"], goals.latest("pk").pk
    )
    followed = goals.exclude(notes=None).get()
    pks |= dict.fromkeys(["change_goal_note", "remove_goal_note"], followed.notes.get().pk)
    indicator = followed.indicators.get()
    pks |= dict.fromkeys(["change_indicator", "remove_indicator", "new_indicator_value"], indicator.pk)
    pks |= {"remove_indicator_value": indicator.values.earliest("pk").pk}
    pillar = ours.strategies.get().pillars.get()
    pks |= dict.fromkeys(["change_pillar", "remove_pillar", "move_pillar"], pillar.pk)
    measure = ours.focus_areas.earliest("pk").measures.filter(project=None).get()
    measures = ["change_measure", "move_measure", "remove_measure", "project_of_measure"]
    pks |= dict.fromkeys(measures, measure.pk)
    words |= {"utgave": 1, "annen": 1}
    pks["former_thing"] = 0
    pks["confirm_membership"] = pks["contest_membership"] = ours.memberships.get(organisation=world.sortland).pk
    delegation = Delegation.objects.filter(organisation=world.sortland).earliest("pk")
    pks |= {name: delegation.pk for name in OURS if name.endswith("_delegation") or name == "delegation_extract"}
    recommendation = {"recommendation": report.recommendations.earliest("pk").number}
    recommendation |= dict.fromkeys(("laid_plan", "laid_plan_pdf"), project.plans.get().number)
    working = ours.bodies.get(slug="arbeidsgruppen")
    pks |= {"end_capacity": ours.capacities.get().pk, "withdraw_nomination": working.nominations.get().pk}
    post = ours.bodies.get(slug="sekretariatet").positions.earliest("pk").pk
    pks |= {"change_position": post, "end_position": post, "tell_competences": person.pk}
    political = ours.bodies.get(slug="formannskapet")
    pks |= {"correct_treatment": political.treatments.get().pk}
    pks |= dict.fromkeys(["correct_seat", "take_back_appointment"], pks["end_appointment"])
    came = Registration.objects.get(email="anne@walker.example")
    pks |= {name: came.gathering_id for name in OURS if "/samlinger/<int:pk>/" in ADDRESSES[name].route}
    pks |= {"withdraw_registration": came.pk}
    words |= {"lenke": evaluation_token(came.pk)}
    gated = ours.projects.get(slug="et-prosjekt-med-faser")
    through_gates = [name for name in OURS if "/porter/" in ADDRESSES[name].route]
    words |= {"avdeling": "saker"}
    words |= {"form": "json", "slag": "people", "side": "personvern"}
    words |= {"port": "bp2", "dokument": "proposal", "utgave": 1}
    pks |= {
        "remove_gate_version": gated.gates.get(number=2).versions.get().pk,
        "remove_gate_receiver": gated.gates.get(number=2).receivers.get().pk,
    }
    organs = {"record_treatment": political.slug, "fill_position": "sekretariatet"}
    return {
        "words": words,
        "organ": organs,
        "samarbeid": dict.fromkeys(("former_collaboration", "former_thing"), "tidligere"),
        "prosjekt": dict.fromkeys(through_gates, gated.slug),
        "port": {"gate_pdf": "bp1", "remove_stage": "bp3-1"},
        "pk": pks,
        "linje": lines,
        "nummer": numbers,
        "aar": years,
        "slug": slugs,
        "number": recommendation,
    }


def _registered(world: World) -> dict[str, Any]:
    """A line of each register; those of a municipality are Sortland's."""
    mine = {"municipality": world.sortland}
    lines = {
        "application_form": ApplicationForm.objects.filter(**mine),
        "infrastructure_fact": InfrastructureFact.objects.filter(**mine),
        "collected_document": CollectedDocument.objects.filter(**mine),
        "interview": world.ours.interviews.all(),
        "common_responsible": world.ours.common_responsibles.all(),
    }
    return {
        f"{name}{verb}": rows.earliest("pk").pk for name, rows in lines.items() for verb in ("", "_change", "_remove")
    }


def _region(world: World) -> Region:
    return Region.objects.of(world.ours).earliest("pk")


def _supplier() -> Organisation:
    return Organisation.objects.filter(kind=Organisation.Kind.SUPPLIER).earliest("pk")


def _alert(use: SystemUse) -> ContractAlert:
    return ContractAlert.objects.get(use=use, kind="end", days=30)


def _point(world: World) -> Any:
    return world.approved.items.exclude(resolution=None).earliest("position").resolution.points.earliest("pk")


def _attachment(world: World) -> Any:
    return CaseAttachment.objects.get(case=world.draft_case)


def _meetings() -> list[str]:
    places = ("/moter/<slug:organ>/", "/status/<slug:organ>/")
    return [name for name in OURS if any(place in ADDRESSES[name].route for place in places)]


def arguments_of(world: World, name: str) -> list[Any]:
    known = places(world)
    arguments = []
    for word in ADDRESSES[name].takes:
        if word == "nummer" and name not in known["nummer"]:
            arguments.append("1870")
        elif name in known.get(word, {}):
            arguments.append(known[word][name])
        else:
            assert word in known["words"], f"{name}: there is no sample for «{word}»"
            arguments.append(known["words"][word])
    return arguments
