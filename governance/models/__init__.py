from governance.models.adoptions import Adoption
from governance.models.agreements import Agreement, AgreementParty, AgreementSection
from governance.models.bodies import Body
from governance.models.cases import AgendaItem, Case, CaseCounter, Opinion, Resolution, ResolutionPoint
from governance.models.collaborations import Collaboration, Duty, Membership
from governance.models.delegations import Delegation
from governance.models.forwardings import Forwarding
from governance.models.meetings import Attendance, AttendanceChange, Meeting, MinutesCorrection, MinutesRemark
from governance.models.organisations import Organisation, OrganisationName, Population, Region
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
    "BodyGroupPermission",
    "BodyUserPermission",
    "Case",
    "CaseCounter",
    "Collaboration",
    "CollaborationGroupPermission",
    "CollaborationUserPermission",
    "Delegation",
    "Duty",
    "Forwarding",
    "Meeting",
    "Membership",
    "MinutesCorrection",
    "MinutesRemark",
    "Opinion",
    "Organisation",
    "OrganisationGroupPermission",
    "OrganisationName",
    "OrganisationUserPermission",
    "Person",
    "Population",
    "Region",
    "Resolution",
    "ResolutionPoint",
    "Role",
    "RoleGroup",
]
