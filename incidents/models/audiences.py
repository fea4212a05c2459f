"""Who may read each field, beside the rules on rows. A field that says nothing fails a test, and a
test looks for every text on every page, for every role.

Public: may stand where no account is asked for. Agencies: whoever has the row in sight. Internal:
printed nowhere; opened by an act of its own that is recorded, or kept for the portal itself.
"""

from collections.abc import Mapping

from django.db import models

from incidents.enums import Audience
from incidents.models.account import Account
from incidents.models.agency_request import AgencyRequest
from incidents.models.assignment import AssignmentStep, UnitAssignment
from incidents.models.counter import NumberSeries
from incidents.models.field_report import FieldReport, Filing
from incidents.models.gakkumdu import CaseEntry, GakkumduCase
from incidents.models.gakkumdu_clock import ClockStep
from incidents.models.incident import Incident
from incidents.models.person import InvolvedPerson
from incidents.models.public_reference import PublicSubject, TriageReason
from incidents.models.public_report import PublicContact, PublicMessage, PublicPhoto, PublicReport
from incidents.models.review import Review, ReviewItem
from incidents.models.shift import ShiftHandover, ShiftLine
from incidents.models.special_report import SpecialReport
from incidents.models.target import TargetNotice, TargetRung
from incidents.models.taxonomy import IncidentType, SeverityTarget
from incidents.models.threat import Threat
from incidents.models.update import IncidentUpdate, Strike
from incidents.models.warning import EarlyWarning, WarningEntry, WarningFact, WarningReceipt
from incidents.models.warning_rule import WarningRule


def _declared(*, public: str = "", agencies: str = "", internal: str = "") -> dict[str, Audience]:
    groups = {
        Audience.PUBLIC: public, Audience.AGENCIES: agencies, Audience.INTERNAL: internal,
    }  # fmt: skip
    return {name: audience for audience, names in groups.items() for name in names.split()}


_ACCOUNT = " ".join(field.name for field in Account._meta.fields)

AUDIENCES: Mapping[type[models.Model], Mapping[str, Audience]] = {
    Incident: _declared(
        public="public_text",
        agencies=f"{_ACCOUNT} state lead_agency supporting merged_into version created_at "
        "updated_at",
        internal="stems",
    ),
    FieldReport: _declared(
        agencies=f"{_ACCOUNT} station situation next_steps follows client_key written_at",
        internal="stems",
    ),
    Filing: _declared(agencies="report incident reason post at ended_at ended_by"),
    # The row says who reads its text; what it says of audience is the same for all.
    IncidentUpdate: _declared(
        agencies="incident kind text state to_agency audience post agency at"
    ),
    Strike: _declared(agencies="update reason post at"),
    InvolvedPerson: _declared(
        agencies="incident part initials minor age sex condition post added_at forget_on "
        "forgotten_at version",
        internal="sealed",
    ),
    # To the public: to the one who holds the report's code.
    PublicReport: _declared(
        public="number received_at state anonymous classification reason emptied_at",
        agencies="subject region place latitude longitude timing occurred_at text suspicions "
        "suspect likely_of incident decided_by decided_at added_at answered_at answer_read_at "
        "illustrative version",
        internal="code_hash stems",
    ),
    PublicContact: _declared(agencies="report delete_on", internal="sealed"),
    PublicMessage: _declared(public="kind text at", agencies="report post read_at"),
    PublicPhoto: _declared(agencies="report message size added_at", internal="path sha256"),
    GakkumduCase: _declared(
        agencies="number incident region basis known_at received_at summary article step outcome "
        "opened_at opened_by closed_at classification illustrative version updated_at"
    ),
    CaseEntry: _declared(agencies="case kind step happened_at due_at text post agency at"),
    ClockStep: _declared(
        agencies="code position actor actor_en limit unit extension effect lapse lapse_en "
        "remind_hours source by_hand version"
    ),
    IncidentType: _declared(
        agencies="code name name_en lead supporting complained_of handlers position"
    ),
    SeverityTarget: _declared(
        agencies="severity meaning meaning_en receive_minutes verify_minutes respond_minutes "
        "control_minutes source"
    ),
    PublicSubject: _declared(public="slug words words_en position", agencies="type kept_from"),
    TriageReason: _declared(
        public="answer answer_en", agencies="slug words words_en spam position"
    ),
    NumberSeries: _declared(internal="prefix year last"),
    AgencyRequest: _declared(
        agencies="incident kind matter reason by_when from_agency asked_by asked_at agency state "
        "accepted_at ended_at answered_by answer",
        internal="gave_sight",
    ),
    UnitAssignment: _declared(
        agencies="incident deployment agency task stood_at state assigned_by assigned_at",
        internal="gave_sight",
    ),
    AssignmentStep: _declared(agencies="assignment state at post note"),
    TargetRung: _declared(agencies="percent recipient is_active version"),
    TargetNotice: _declared(internal="incident goal due_at rung passed told sent_at"),
    SpecialReport: _declared(
        agencies="number incident audience situation plan sha256 classification illustrative "
        "issued_by agency issued_at"
    ),
    ShiftHandover: _declared(
        agencies="unit region agency out_post out_user to_post notes equipment field_waiting "
        "public_waiting written_at replaced_at in_user signed_at signed_with remark illustrative"
    ),
    ShiftLine: _declared(agencies="handover incident title state severity target due_at"),
    Review: _declared(
        agencies="incident happened expected went_well must_change post agency written_at version "
        "updated_at"
    ),
    ReviewItem: _declared(agencies="review directive"),
    WarningRule: _declared(
        agencies="code position kind name name_en types min_severity area threshold window_hours "
        "factor weeks urgency certainty valid_hours instruction instruction_en active by_hand "
        "version"
    ),
    EarlyWarning: _declared(
        agencies="number rule region why why_en urgency certainty severity state raised_at "
        "valid_until ended_at classification illustrative version updated_at"
    ),
    WarningFact: _declared(agencies="warning incident report expected at", internal="key"),
    WarningReceipt: _declared(agencies="warning agency told_at acknowledged_at acknowledged_by"),
    WarningEntry: _declared(agencies="warning step text valid_until post agency at"),
    Threat: _declared(agencies="region level reason warning post agency at illustrative"),
}
