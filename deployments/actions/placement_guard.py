"""What no placement can be, and what a step or a change of one must not do."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from deployments.enums import FINISHED, SERVING, DeploymentState, DeploymentStatus
from deployments.models import Deployment
from portal import clock
from portal.access.errors import Refused
from portal.registry.models import Operation, Unit


def check(operation: Operation, values: dict[str, Any]) -> None:
    """Raises Refused for what no deployment can be."""
    unit: Unit = values["unit"]
    if values["personnel"] < 1:
        raise Refused(_("Jumlah personel paling sedikit 1."), "personnel")
    if values["ends_on"] and values["ends_on"] < values["starts_on"]:
        raise Refused(_("Tanggal selesai mendahului tanggal mulai."), "ends_on")
    if values["controller"] and values["controller"].pk == unit.agency_id:
        raise Refused(
            _("Pengendali BKO adalah instansi lain. Kosongkan bila kendali tetap pada pemilik."),
            "controller",
        )
    place, stage = values["place"], values["stage"]
    if place and place.operation_id != operation.pk:
        raise Refused(_("Tempat itu milik operasi lain."), "place")
    region = values["region"].pk
    if place and place.district_id != region and not place.district_id.startswith(f"{region}."):
        raise Refused(_("Tempat itu tidak terletak di wilayah yang dipilih."), "place")
    if stage and stage.operation_id != operation.pk:
        raise Refused(_("Tahapan itu milik operasi lain."), "stage")


def needs_reason(deployment: Deployment) -> bool:
    """Others count on it: it is in the ledger."""
    return deployment.state not in (DeploymentState.REQUESTED, *FINISHED)


def refuse_finished(deployment: Deployment) -> None:
    """Raises Refused for what is over: its days are past, and the past stays as it was shown."""
    if deployment.state in FINISHED:
        raise Refused(
            _("Penempatan ini sudah “%(state)s” dan tidak dapat diubah lagi. Bila ada yang "
              "bertugas lagi, catat penempatan baru.")
            % {"state": deployment.get_state_display()}
        )  # fmt: skip


def too_early(state: str, starts_on: date, at: datetime) -> bool:
    """Nobody stands at a place before the first day there."""
    return state in SERVING and clock.local(at).date() < starts_on


def refuse_incomplete(to: str, note: str, number: str, signed: date | None) -> None:
    if to == DeploymentState.ORDERED and not number:
        raise Refused(_("Isi nomor Sprin yang memerintahkan penempatan ini."), "sprin_number")
    if to == DeploymentState.ORDERED and not signed:
        raise Refused(_("Isi tanggal Sprin."), "sprin_date")
    if to == DeploymentState.CANCELLED and not note:
        raise Refused(_("Isi alasan pembatalan."), "note")


def refuse_other_status(current: Deployment, status: str) -> None:
    """The status follows the state; only a reserve and a standby may change places."""
    kept = current.status == status or current.state == DeploymentState.REQUESTED
    swap = DeploymentStatus.ENGAGED not in (current.status, status)
    if not (kept or swap):
        raise Refused(_("Status mengikuti keadaan: pindahkan keadaannya di halaman ini."), "status")
