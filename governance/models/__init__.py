from governance.models.adoptions import Adoption
from governance.models.agenda import AgendaItem, FixedItem
from governance.models.agreement_parts import AgreementParty, AgreementSection, Obligation
from governance.models.agreements import Agreement
from governance.models.attachments import CaseAttachment
from governance.models.attendance import Attendance, AttendanceChange
from governance.models.bodies import Body, BodyCapacity, BodyStatus
from governance.models.calling import CalendarLink, ReadMark, Reply
from governance.models.case_drafts import CaseDraft
from governance.models.cases import Case, CaseCounter
from governance.models.collaborations import Collaboration, Duty, Membership
from governance.models.competences import Competence, PersonCompetence, PositionCompetence, WantedCompetence
from governance.models.delegations import Delegation
from governance.models.disqualifications import Disqualification
from governance.models.emergency import EmergencyAccess
from governance.models.forwardings import Forwarding
from governance.models.legal_forms import FormReview, LegalFormPeriod
from governance.models.meetings import Meeting
from governance.models.minutes import MinutesCorrection, MinutesPublication, MinutesRemark, MinutesSignature
from governance.models.nominations import Nomination
from governance.models.opinions import Opinion
from governance.models.organisations import (
    MunicipalityPeriod,
    Organisation,
    OrganisationName,
    Population,
    Region,
    RegionMembership,
    Succession,
)
from governance.models.people import (
    Appointment,
    BodyGroupPermission,
    BodyUserPermission,
    CollaborationGroupPermission,
    CollaborationUserPermission,
    OrganisationGroupPermission,
    OrganisationUserPermission,
    Person,
    Role,
    RoleGroup,
)
from governance.models.points import ResolutionPoint
from governance.models.positions import Position
from governance.models.proposal_signals import ProposalSignal
from governance.models.proposal_steps import ProposalStep
from governance.models.proposals import Proposal
from governance.models.resolutions import Resolution, TreatmentNote
from governance.models.rules import RuleProfile
from governance.models.titles import RoleTitle
from governance.models.treatments import ExternalTreatment
from governance.models.votes import ElectionLine, Reservation, Vote

__all__ = [
    "Adoption",
    "AgendaItem",
    "Agreement",
    "AgreementParty",
    "AgreementSection",
    "Appointment",
    "Attendance",
    "AttendanceChange",
    "Body",
    "BodyCapacity",
    "BodyGroupPermission",
    "BodyStatus",
    "BodyUserPermission",
    "CalendarLink",
    "Case",
    "CaseAttachment",
    "CaseCounter",
    "CaseDraft",
    "Collaboration",
    "CollaborationGroupPermission",
    "CollaborationUserPermission",
    "Competence",
    "Delegation",
    "Disqualification",
    "Duty",
    "ElectionLine",
    "ExternalTreatment",
    "FormReview",
    "EmergencyAccess",
    "FixedItem",
    "Forwarding",
    "LegalFormPeriod",
    "Meeting",
    "Membership",
    "MinutesCorrection",
    "MinutesPublication",
    "MinutesRemark",
    "MinutesSignature",
    "MunicipalityPeriod",
    "Nomination",
    "Obligation",
    "Opinion",
    "Organisation",
    "OrganisationGroupPermission",
    "OrganisationName",
    "OrganisationUserPermission",
    "Person",
    "PersonCompetence",
    "Population",
    "Position",
    "PositionCompetence",
    "Proposal",
    "ProposalSignal",
    "ProposalStep",
    "ReadMark",
    "Region",
    "RegionMembership",
    "Reservation",
    "Reply",
    "Resolution",
    "ResolutionPoint",
    "Role",
    "RoleGroup",
    "RoleTitle",
    "RuleProfile",
    "Succession",
    "TreatmentNote",
    "Vote",
    "WantedCompetence",
]
