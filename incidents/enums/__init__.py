"""States, kinds, and which state may follow which. Three axes stay apart: how far a disturbance
has come, how severe it is, and how its handling stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Disturbance(models.TextChoices):
    """Polri's ladder: a latent condition, a situation about to turn, a disturbance that happens."""

    POTENTIAL = "PG", _("Potensi gangguan (PG)")
    THRESHOLD = "AG", _("Ambang gangguan (AG)")
    REAL = "GN", _("Gangguan nyata (GN)")


class Occurrence(models.TextChoices):
    """Whether it is over, goes on, or is expected."""

    OVER = "terjadi", _("Telah terjadi")
    ONGOING = "berlangsung", _("Sedang berlangsung")
    EXPECTED = "akan_terjadi", _("Akan terjadi")


class Severity(models.IntegerChoices):
    LOW = 1, _("Rendah")
    MEDIUM = 2, _("Sedang")
    HIGH = 3, _("Tinggi")
    CRITICAL = 4, _("Kritis")


SEVERITY_BADGES: dict[int, str] = {
    Severity.LOW: "neutral",
    Severity.MEDIUM: "info",
    Severity.HIGH: "warning",
    Severity.CRITICAL: "danger",
}
URGENT = Severity.HIGH
"""From this severity on, those concerned are told the moment it is reported."""


class IncidentState(models.TextChoices):
    REPORTED = "dilaporkan", _("Dilaporkan")
    VERIFIED = "diverifikasi", _("Diverifikasi")
    HANDLING = "ditangani", _("Ditangani")
    CONTROLLED = "terkendali", _("Terkendali")
    CLOSED = "selesai", pgettext_lazy("kejadian", "Selesai")
    UNPROVEN = "tidak_terbukti", _("Tidak terbukti")
    REFERRED = "dilimpahkan", _("Dilimpahkan")
    REOPENED = "dibuka_kembali", _("Dibuka kembali")
    MERGED = "digabung", _("Digabung")


INCIDENT_MOVES: dict[str, frozenset[str]] = {
    IncidentState.REPORTED: frozenset(
        {IncidentState.VERIFIED, IncidentState.UNPROVEN, IncidentState.REFERRED}
    ),
    IncidentState.VERIFIED: frozenset(
        {IncidentState.HANDLING, IncidentState.UNPROVEN, IncidentState.REFERRED}
    ),
    IncidentState.HANDLING: frozenset({IncidentState.CONTROLLED, IncidentState.REFERRED}),
    IncidentState.CONTROLLED: frozenset({IncidentState.HANDLING, IncidentState.CLOSED}),
    IncidentState.REFERRED: frozenset(
        {IncidentState.HANDLING, IncidentState.UNPROVEN, IncidentState.CLOSED}
    ),
    IncidentState.CLOSED: frozenset({IncidentState.REOPENED}),
    IncidentState.UNPROVEN: frozenset({IncidentState.REOPENED}),
    IncidentState.MERGED: frozenset(),
    IncidentState.REOPENED: frozenset(
        {IncidentState.HANDLING, IncidentState.UNPROVEN, IncidentState.REFERRED}
    ),
}
NEXT_STATE: dict[str, str] = {
    IncidentState.REPORTED: IncidentState.VERIFIED,
    IncidentState.VERIFIED: IncidentState.HANDLING,
    IncidentState.HANDLING: IncidentState.CONTROLLED,
    IncidentState.CONTROLLED: IncidentState.CLOSED,
    IncidentState.REFERRED: IncidentState.HANDLING,
    IncidentState.REOPENED: IncidentState.HANDLING,
}
"""The natural next step, offered first; what is settled has none."""
OPEN = frozenset(IncidentState.values) - {
    IncidentState.CLOSED,
    IncidentState.UNPROVEN,
    IncidentState.MERGED,
}
"""Somebody still has work with it."""
MERGEABLE = OPEN
"""What is settled is reopened before it is merged."""
REASONED = frozenset({IncidentState.UNPROVEN, IncidentState.REFERRED, IncidentState.REOPENED})
"""Moves that say why."""
STATE_BADGES: dict[str, str] = {
    IncidentState.REPORTED: "danger",
    IncidentState.VERIFIED: "warning",
    IncidentState.HANDLING: "warning",
    IncidentState.CONTROLLED: "info",
    IncidentState.CLOSED: "success",
    IncidentState.UNPROVEN: "neutral",
    IncidentState.REFERRED: "info",
    IncidentState.REOPENED: "warning",
    IncidentState.MERGED: "neutral",
}


class UpdateKind(models.TextChoices):
    """What an entry of the timeline tells."""

    REPORT = "report", _("Laporan pertama")
    SITUATION = "situation", _("Perkembangan situasi")
    ACTION = "action", _("Tindakan diambil")
    CORRECTION = "correction", _("Ralat")
    MOVE = "move", _("Perubahan keadaan")
    REFERRAL = "referral", _("Pelimpahan")
    FILED = "filed", _("Laporan lapangan masuk")
    MERGE = "merge", _("Penggabungan")
    SPLIT = "split", _("Pemisahan")
    EDIT = "edit", _("Perbaikan isi")
    FILE = "file", _("Berkas ditambahkan")
    LEFT = "left", _("Laporan lapangan keluar")
    REFER_ASKED = "ref_asked", _("Pelimpahan diajukan")
    REFER_TAKEN = "ref_taken", _("Pelimpahan diterima")
    REFER_DECLINED = "ref_declined", _("Pelimpahan ditolak")
    REFER_RESULT = "ref_result", _("Hasil pelimpahan dilaporkan")
    ADVICE_ASKED = "adv_asked", _("Saran diminta")
    ADVICE_GIVEN = "adv_given", _("Saran diberikan")
    RECEIVED = "received", _("Diterima penanggung jawab")
    UNIT_SENT = "unit_sent", _("Satuan ditugaskan")
    UNIT_ASKED = "unit_asked", _("Satuan diminta")
    UNIT_STEP = "unit_step", _("Langkah satuan")
    REQUEST_ENDED = "req_ended", _("Permintaan ditarik atau berakhir")


WRITTEN = (UpdateKind.SITUATION, UpdateKind.ACTION, UpdateKind.CORRECTION)
"""Kinds that a person writes; the others come with an act."""


class Audience(models.TextChoices):
    """Who reads an entry of the timeline."""

    AGENCIES = "agencies", _("Antarinstansi")
    INTERNAL = "internal", _("Internal instansi penulis")
    PUBLIC = "public", _("Umum: boleh disampaikan kepada masyarakat")


class PublicState(models.TextChoices):
    """How far the officers have come with a report of the public."""

    WAITING = "menunggu", _("Menunggu ditelaah")
    FOLLOWED = "ditindaklanjuti", _("Ditindaklanjuti")
    SET_ASIDE = "disisihkan", _("Tidak ditindaklanjuti")


PUBLIC_MOVES: dict[str, frozenset[str]] = {
    PublicState.WAITING: frozenset({PublicState.FOLLOWED, PublicState.SET_ASIDE}),
    PublicState.FOLLOWED: frozenset({PublicState.WAITING}),
    PublicState.SET_ASIDE: frozenset({PublicState.WAITING, PublicState.FOLLOWED}),
}
PUBLIC_BADGES: dict[str, str] = {
    PublicState.WAITING: "warning",
    PublicState.FOLLOWED: "success",
    PublicState.SET_ASIDE: "neutral",
}


class Timing(models.TextChoices):
    """When, as the person who reports sees it."""

    PAST = "sudah", _("Sudah terjadi")
    NOW = "sedang", _("Sedang terjadi")
    AHEAD = "akan", _("Akan terjadi")


class MessageKind(models.TextChoices):
    """Who speaks in the thread of a public report."""

    ADDITION = "tambahan", _("Tambahan dari pelapor")
    ANSWER = "jawaban", _("Jawaban petugas")


class Suspicion(models.TextChoices):
    """Why a report looks like spam. It is sorted to the end, never thrown away."""

    TRAPPED = "jebakan", _("Mengisi kolom tersembunyi")
    HASTY = "kilat", _("Terkirim dalam hitungan detik")
    LINKS = "tautan", _("Berisi banyak tautan")
    REPEATED = "ulangan", _("Teks sama sudah dikirim")
    SHORT = "singkat", _("Hampir tanpa isi")
