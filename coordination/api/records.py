from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import invitations, meetings, session
from coordination.actions.agenda_order import arrange_agenda
from coordination.actions.withdrawals import withdraw_seat
from coordination.api.attendance import AttendanceActions
from coordination.api.chain import CarryOverActions
from coordination.api.letters import LetterActions, SeatLetterActions
from coordination.api.meeting_moves import MoveActions, refuse_other_chair
from coordination.api.planning import (
    ReorderSerializer,
    StepSerializer,
    WithdrawSerializer,
    series_of,
)
from coordination.api.requests import valid, version_of
from coordination.api.serializers import (
    AnswerSerializer,
    InvitationSerializer,
    MeetingDetailSerializer,
    MeetingSerializer,
    MeetingWriteSerializer,
)
from coordination.api.templates import TemplateActions
from coordination.filters import MeetingFilter
from coordination.models import Attendance, Invitation, Meeting
from coordination.queries.agenda import items_for
from portal import clock
from portal.access.permissions import Permission
from portal.web.idempotency import api_once


class MeetingViewSet(
    MoveActions, CarryOverActions, AttendanceActions, TemplateActions, LetterActions
):
    """Rakor in the post's sight; planning and calling for one."""

    queryset = Meeting.objects.select_related("operation", "host_agency", "host_unit").order_by(
        "-starts_at", "-pk"
    )
    serializer_class = MeetingSerializer
    detail_serializer_class = MeetingDetailSerializer
    filterset_class = MeetingFilter
    needs = {
        "list": Permission.MEETING_VIEW,
        "retrieve": Permission.MEETING_VIEW,
        "create": Permission.MEETING_PLAN,
        "schedule": Permission.MEETING_PLAN,
        "reorder": Permission.MEETING_PLAN,
        "step": Permission.MEETING_RUN,
        **MoveActions.move_needs,
        **CarryOverActions.carry_over_needs,
        **AttendanceActions.attendance_needs,
        **TemplateActions.template_needs,
        **LetterActions.letter_needs,
    }

    def get_queryset(self):
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        return rows.prefetch_related(
            Prefetch("agenda", items_for(self.actor)),
            Prefetch("invitations", Invitation.objects.select_related("agency", "answered_by")),
            Prefetch("attendance", Attendance.objects.select_related("agency", "recorded_by")),
        )

    @extend_schema(request=MeetingWriteSerializer, responses={201: MeetingDetailSerializer})
    def create(self, request: Request) -> Response:
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(MeetingWriteSerializer, request)
        agenda = [meetings.AgendaDraft(**item) for item in given.pop("agenda")]
        given["series"] = series_of(self.actor, given["series"])
        refuse_other_chair(self.actor, given["chair_post"])
        meeting = meetings.plan_meeting(by=self.actor, at=clock.now(), agenda=agenda, **given)
        return self.shown_again(meeting, status=201)

    @extend_schema(request=None, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def schedule(self, request: Request, pk: str) -> Response:
        """Send the invitations; a second time changes nothing."""
        return self._moved(request, None, meetings.schedule_meeting)

    @extend_schema(request=ReorderSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def reorder(self, request: Request, pk: str) -> Response:
        """Put the agenda into this order: every item's id, once."""

        def run() -> Response:
            given = valid(ReorderSerializer, request)
            meeting = self.get_object()
            arrange_agenda(meeting, by=self.actor, at=clock.now(), **given)
            return self.shown_again(meeting)

        return api_once(request, run)

    @extend_schema(request=StepSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def step(self, request: Request, pk: str) -> Response:
        """On to the next agenda item of a sitting rakor, or one step back."""

        def run() -> Response:
            given = valid(StepSerializer, request)
            go = session.next_item if given.pop("direction") == "next" else session.previous_item
            return self.shown_again(go(self.get_object(), by=self.actor, at=clock.now(), **given))

        return api_once(request, run)


class InvitationViewSet(SeatLetterActions):
    """Seats: one's own, and all of one's own meetings."""

    queryset = Invitation.objects.select_related("meeting", "agency", "answered_by").order_by("pk")
    serializer_class = InvitationSerializer
    filterset_fields = ("meeting", "answer")
    needs = {
        "list": Permission.MEETING_VIEW,
        "retrieve": Permission.MEETING_VIEW,
        "answer": Permission.INVITATION_ANSWER,
        "withdraw": Permission.MEETING_PLAN,
        **SeatLetterActions.seat_letter_needs,
    }

    @extend_schema(request=AnswerSerializer, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Hadir, diwakili or tidak_hadir, for the own agency's seat."""
        return api_once(request, lambda: self._answer(request))

    def _answer(self, request: Request) -> Response:
        given = valid(AnswerSerializer, request)
        version = version_of(request, given)
        invitation = invitations.answer_invitation(
            self.get_object(), by=self.actor, at=clock.now(), version=version, **given
        )
        return self.shown_again(invitation)

    @extend_schema(request=WithdrawSerializer, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a seat back before the rakor begins; its agency is told once."""

        def run() -> Response:
            given = valid(WithdrawSerializer, request)
            version = version_of(request, given)
            return self.shown_again(
                withdraw_seat(
                    self.get_object(), by=self.actor, at=clock.now(), version=version, **given
                )
            )

        return api_once(request, run)
