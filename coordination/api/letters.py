"""Letters of invitation: what they will say, and each as it went out."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions.letters import write_letter
from coordination.api.requests import ReadViewSet, valid, version_of, with_etag
from coordination.api.serializers import VersionSerializer
from coordination.enums import Priority
from coordination.exports.letter import letter_pdf
from coordination.models import Invitation, Letter, Meeting
from coordination.queries.seats import letter_of, seats
from portal import clock
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.audit.record import record_read
from portal.documents.download import PDF_TYPE, AnyFile, download
from portal.web.idempotency import api_once


class AddresseeSerializer(serializers.ModelSerializer):
    """Yth. of one seat; `invitation` is its id, its letter is at `invitations/ID/letter/`."""

    invitation = serializers.IntegerField(source="pk")
    agency = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Invitation
        fields = ["invitation", "agency", "addressee", "letter_number", "letter_date", "sent_at"]


class LetterSerializer(serializers.ModelSerializer):
    """What the letters of a rakor have in common, Yth. seat by seat, and the quorum."""

    quorum_percent = serializers.IntegerField(source="meeting.quorum_percent")
    version = serializers.IntegerField(source="meeting.version")
    addressees = serializers.SerializerMethodField()

    class Meta:
        model = Letter
        fields = [
            "urgency",
            "enclosures",
            "subject",
            "issued_in",
            "opening",
            "copies",
            "signatory_office",
            "signatory_name",
            "signatory_rank",
            "quorum_percent",
            "addressees",
            "version",
        ]

    def get_addressees(self, letter: Letter) -> list[dict[str, Any]]:
        rows = letter.meeting.invitations.standing().select_related("agency")
        return AddresseeSerializer(rows, many=True).data


class AddressSerializer(serializers.Serializer):
    invitation = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    addressee = serializers.CharField(max_length=160)


class LetterWriteSerializer(VersionSerializer):
    """What is not sent stays as it is; `version` is that of the rakor."""

    urgency = serializers.ChoiceField(choices=Priority.choices, required=False)
    enclosures = serializers.CharField(max_length=80, required=False)
    subject = serializers.CharField(max_length=200, required=False)
    issued_in = serializers.CharField(max_length=60, required=False)
    opening = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    copies = serializers.ListField(
        child=serializers.CharField(max_length=160), max_length=20, required=False
    )
    signatory_office = serializers.CharField(max_length=120, required=False)
    signatory_name = serializers.CharField(max_length=120, allow_blank=True, required=False)
    signatory_rank = serializers.CharField(max_length=80, allow_blank=True, required=False)
    quorum_percent = serializers.IntegerField(min_value=1, max_value=100, required=False)
    addressees = AddressSerializer(many=True, required=False)


class LetterActions(ReadViewSet):
    """For the view set of meetings. The letters go out with `schedule`."""

    letter_needs: ClassVar[dict[str, Permission]] = {
        "letter": Permission.MEETING_PLAN,
        "write_letter": Permission.MEETING_PLAN,
    }

    @extend_schema(request=None, responses=LetterSerializer)
    @action(detail=True, methods=["get"])
    def letter(self, request: Request, pk: str) -> Response:
        """What the letters say, or will say, as far as it is common to them."""
        meeting = self.read_object()
        require(self.actor, Permission.MEETING_PLAN, meeting)
        return self._letter(meeting)

    @extend_schema(request=LetterWriteSerializer, responses=LetterSerializer)
    @letter.mapping.patch
    def write_letter(self, request: Request, pk: str) -> Response:
        """Write the letters, before they go out."""
        return api_once(request, lambda: self._write(request))

    def _write(self, request: Request) -> Response:
        given = valid(LetterWriteSerializer, request)
        version = version_of(request, given)
        seated = {line["invitation"]: line["addressee"] for line in given.pop("addressees", [])}
        letter = write_letter(
            self.get_object(),
            by=self.actor,
            at=clock.now(),
            version=version,
            addressees=seated,
            **given,
        )
        return self._letter(letter.meeting)

    def _letter(self, meeting: Meeting) -> Response:
        return with_etag(Response(LetterSerializer(letter_of(meeting)).data), meeting)


class SeatLetterActions(ReadViewSet):
    """For the view set of invitations."""

    seat_letter_needs: ClassVar[dict[str, Permission]] = {"letter": Permission.MEETING_VIEW}

    @extend_schema(request=None, responses={(200, PDF_TYPE): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AnyFile])
    def letter(self, request: Request, pk: str) -> Any:
        """The letter of the seat as PDF/A, as it went out, or the host's concept; the download is
        recorded."""
        seat = seats(self.actor).get(pk=self.read_object().pk)
        at = clock.now()
        record_read(seat, by=self.actor, at=at, verb="download")
        reader = request.user.name
        name, pdf = letter_pdf(seat, office=self.actor.post_title, reader=reader, at=at)
        return download(pdf, PDF_TYPE, name)
