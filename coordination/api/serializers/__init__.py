"""Rows as JSON: agencies and posts by slug, times in ISO with offset."""

from coordination.api.serializers.agenda import AgendaItemSerializer, AgendaWriteSerializer
from coordination.api.serializers.attendance import (
    AttendanceSerializer,
    AttendeeSerializer,
    CheckInSerializer,
    DeskSerializer,
    QuorumSerializer,
)
from coordination.api.serializers.directives import DirectiveSerializer
from coordination.api.serializers.fields import Moment, VersionSerializer, agencies, number, slug
from coordination.api.serializers.meetings import (
    MeetingDetailSerializer,
    MeetingSerializer,
    MeetingWriteSerializer,
)
from coordination.api.serializers.minutes import (
    AddendumSerializer,
    AddendumWriteSerializer,
    CirculateSerializer,
    MinutesDetailSerializer,
    MinutesSerializer,
    ObjectionAnswerSerializer,
    ObjectionSerializer,
    ObjectionWriteSerializer,
    PassageSerializer,
    SectionWriteSerializer,
    SigningSerializer,
    SignSerializer,
    TakeBackSerializer,
)
from coordination.api.serializers.obligations import (
    ObligationDetailSerializer,
    ObligationSerializer,
    ReportSerializer,
    ReportWriteSerializer,
    SummarySerializer,
    VerifySerializer,
)
from coordination.api.serializers.seats import AnswerSerializer, InvitationSerializer

__all__ = [
    "AddendumSerializer",
    "AddendumWriteSerializer",
    "AgendaItemSerializer",
    "AgendaWriteSerializer",
    "AnswerSerializer",
    "AttendanceSerializer",
    "AttendeeSerializer",
    "CheckInSerializer",
    "CirculateSerializer",
    "DeskSerializer",
    "DirectiveSerializer",
    "InvitationSerializer",
    "MeetingDetailSerializer",
    "MeetingSerializer",
    "MeetingWriteSerializer",
    "MinutesDetailSerializer",
    "MinutesSerializer",
    "Moment",
    "ObjectionAnswerSerializer",
    "ObjectionSerializer",
    "ObjectionWriteSerializer",
    "ObligationDetailSerializer",
    "ObligationSerializer",
    "PassageSerializer",
    "QuorumSerializer",
    "ReportSerializer",
    "ReportWriteSerializer",
    "SectionWriteSerializer",
    "SignSerializer",
    "SigningSerializer",
    "SummarySerializer",
    "TakeBackSerializer",
    "VerifySerializer",
    "VersionSerializer",
    "agencies",
    "number",
    "slug",
]
