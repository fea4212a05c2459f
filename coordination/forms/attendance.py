from contextlib import suppress
from datetime import datetime
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coordination.actions.attendance import Attendee, Seat
from coordination.enums import Answer, Presence
from coordination.forms.lines import AgencyChoice, LineForm, WithLines
from coordination.models import Attendance, Invitation, Meeting
from portal import clock
from portal.access.actor import Actor
from portal.web.forms import PortalForm


class AttendanceLine(LineForm):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    agency = AgencyChoice(label=_("Instansi"))
    invited_office = forms.CharField(label=_("Jabatan yang diundang"), max_length=160)
    status = forms.ChoiceField(
        label=_("Status"), choices=Presence.choices, initial=Presence.PRESENT
    )
    attendee_name = forms.CharField(label=_("Nama yang hadir"), max_length=120, required=False)
    rank = forms.CharField(label=_("Pangkat/Gol."), max_length=60, required=False)
    service_number = forms.CharField(label=_("NRP/NIP"), max_length=30, required=False)
    attendee_office = forms.CharField(label=_("Jabatan yang hadir"), max_length=160, required=False)
    may_commit = forms.BooleanField(label=_("Wakil berwenang memutuskan"), required=False)
    checked_in_at = forms.DateTimeField(label=_("Waktu datang"), required=False)

    def clean_seen(self) -> datetime | None:
        with suppress(ValueError):  # Looks like a time and is none.
            return parse_datetime(self.cleaned_data["seen"] or "")
        return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("status") == Presence.REPRESENTED and not cleaned.get("attendee_office"):
            self.add_error("attendee_office", _t("Sebutkan jabatan yang mewakili."))
        return cleaned


AttendanceLines = formset_factory(AttendanceLine, extra=2, can_delete=True, max_num=300)


class AttendanceForm(WithLines, PortalForm):
    """The host's list: every line that is there, and the seats that have none yet."""

    versioned = True

    def __init__(self, data: Any = None, *, meeting: Meeting):
        super().__init__(data)
        self.fields["version"].initial = meeting.version
        self.lines = AttendanceLines(data, initial=_present(meeting), prefix="seats")

    def seats(self) -> list[Seat]:
        return [
            Seat(**{name: value for name, value in line.items() if name != "DELETE"})
            for line in self._typed()
            if not line.get("DELETE")
        ]

    def removed(self) -> list[int]:
        """Lines that the host has ticked for removal."""
        return [line["pk"] for line in self._typed() if line.get("DELETE") and line.get("pk")]

    def _typed(self) -> list[dict[str, Any]]:
        lines = [line.cleaned_data for line in self.lines.forms]
        return [line for line in lines if line.get("agency")]


def _present(meeting: Meeting) -> list[dict[str, Any]]:
    """The lines as recorded, then one per seat without a line: as it answered while nobody is
    recorded, and as absent once the list has begun."""
    recorded: list[Attendance] = list(meeting.attendance.all())
    there = {row.agency_id for row in recorded}
    return [_recorded(row) for row in recorded] + [
        _expected(seat, begun=bool(recorded))
        for seat in meeting.invitations.all()
        if seat.agency_id not in there and seat.withdrawn_at is None
    ]


def _recorded(row: Attendance) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "seen": row.recorded_at and row.recorded_at.isoformat(),
        "agency": row.agency_id,
        "invited_office": row.invited_office,
        "status": row.status,
        "attendee_name": row.attendee_name,
        "rank": row.rank,
        "service_number": row.service_number,
        "attendee_office": row.attendee_office,
        "may_commit": row.may_commit,
        "checked_in_at": row.checked_in_at and clock.local(row.checked_in_at),
    }


def _expected(seat: Invitation, *, begun: bool) -> dict[str, Any]:
    answered = seat.answer if seat.answer in Presence.values else Presence.PRESENT
    return {
        "agency": seat.agency_id,
        "invited_office": seat.addressee,
        "status": Presence.ABSENT if begun else answered,
        "attendee_office": seat.representative,
        "may_commit": seat.answer == Answer.REPRESENTED and seat.may_commit,
    }


class AttendeeForm(PortalForm):
    """A person who signs for himself."""

    name = forms.CharField(
        label=_("Nama"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    office = forms.CharField(
        label=_("Jabatan"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    represents = forms.BooleanField(label=_("Saya mewakili pimpinan yang diundang"), required=False)
    rank = forms.CharField(label=_("Pangkat/Gol. (boleh kosong)"), max_length=60, required=False)
    service_number = forms.CharField(
        label=_("NRP/NIP (boleh kosong)"),
        max_length=30,
        required=False,
        help_text=_("Hanya terbaca penuh oleh tuan rumah dan instansi Anda."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    held = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, actor: Actor, name: str, seat: Invitation | None, held: str = ""
    ):
        known = {
            "name": name,
            "office": actor.post_title,
            "represents": seat is not None and seat.answer == Answer.REPRESENTED,
            "held": held,
        }
        super().__init__(data, initial=known)

    def attendee(self) -> Attendee:
        return Attendee(**{key: v for key, v in self.values.items() if key != "held"})


class DeskForm(PortalForm):
    """Somebody at the desk; without a name the agency's seat is marked."""

    agency = AgencyChoice(label=_("Instansi"))
    name = forms.CharField(
        label=_("Nama"),
        max_length=120,
        required=False,
        help_text=_("Boleh kosong: yang dicatat kursi instansinya."),
    )
    office = forms.CharField(label=_("Jabatan"), max_length=160, required=False)
    represents = forms.BooleanField(label=_("Mewakili pimpinan yang diundang"), required=False)
    may_commit = forms.BooleanField(
        label=_("Mandat ditunjukkan: berwenang memutuskan"), required=False
    )
    rank = forms.CharField(label=_("Pangkat/Gol."), max_length=60, required=False)
    service_number = forms.CharField(label=_("NRP/NIP"), max_length=30, required=False)

    def attendee(self) -> Attendee:
        chosen = ("name", "office", "rank", "service_number", "represents")
        return Attendee(**{key: self.cleaned_data[key] for key in chosen})
