"""Sentra Gakkumdu: who sits at the desk, the steps of a case, which follows which, how it ends.

What the law sets as numbers (limits, extension, what lapses) is data: `models/gakkumdu_clock.py`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Seat(models.TextChoices):
    """The three bodies at the desk."""

    SUPERVISOR = "bawaslu", _("unsur Bawaslu")
    POLICE = "polri", _("unsur Polri")
    PROSECUTOR = "kejaksaan", _("unsur Kejaksaan")


SEATS: dict[str, Seat] = {
    "bawaslu-kalsel": Seat.SUPERVISOR,
    "polda-kalsel": Seat.POLICE,
    "kejati-kalsel": Seat.PROSECUTOR,
}
"""By the agency of a post; a post of another agency has no seat, whatever its roles."""
LEADING = "bawaslu-kalsel"
"""Who leads a case, and a complaint of neutrality."""


class CaseBasis(models.TextChoices):
    REPORT = "laporan", _("Laporan")
    FINDING = "temuan", _("Temuan")


class StepCode(models.TextChoices):
    REPORT = "laporan", _("Laporan disampaikan")
    CONTENT = "syarat", _("Syarat minimum laporan")
    STUDY = "kajian", _("Kajian dan tindak lanjut")
    FORWARD = "penerusan", _("Penerusan kepada penyidik")
    INVESTIGATION = "penyidikan", _("Penyidikan")
    FILE_STUDY = "penelitian", _("Penelitian berkas")
    FILE_FIX = "perbaikan", _("Perbaikan berkas")
    TO_COURT = "pelimpahan", _("Pelimpahan ke pengadilan")
    VERDICT = "putusan", _("Putusan pengadilan negeri")
    APPEAL = "banding", _("Permohonan banding")
    APPEAL_VERDICT = "putusan_banding", _("Putusan pengadilan tinggi")


NEXT_STEP: dict[str, str] = {
    StepCode.REPORT: StepCode.CONTENT,
    StepCode.CONTENT: StepCode.STUDY,
    StepCode.STUDY: StepCode.FORWARD,
    StepCode.FORWARD: StepCode.INVESTIGATION,
    StepCode.INVESTIGATION: StepCode.FILE_STUDY,
    StepCode.FILE_STUDY: StepCode.TO_COURT,
    StepCode.FILE_FIX: StepCode.TO_COURT,
    StepCode.TO_COURT: StepCode.VERDICT,
    StepCode.VERDICT: StepCode.APPEAL,
    StepCode.APPEAL: StepCode.APPEAL_VERDICT,
    StepCode.APPEAL_VERDICT: "",
}
"""What runs when a step is done; nothing after the last. A file returned at FILE_STUDY goes to
FILE_FIX instead, once."""
COUNTED_FROM: dict[str, tuple[str, ...]] = {
    StepCode.STUDY: (StepCode.REPORT,),
    StepCode.FORWARD: (StepCode.STUDY,),
    StepCode.INVESTIGATION: (StepCode.FORWARD,),
    StepCode.FILE_STUDY: (StepCode.INVESTIGATION,),
    StepCode.FILE_FIX: (StepCode.FILE_STUDY,),
    StepCode.TO_COURT: (StepCode.INVESTIGATION, StepCode.FILE_FIX),
    StepCode.VERDICT: (StepCode.TO_COURT,),
    StepCode.APPEAL: (StepCode.VERDICT,),
    StepCode.APPEAL_VERDICT: (StepCode.APPEAL,),
}
"""The step whose end starts the clock, of several the latest: the prosecutor counts from the day on
which the file came, also while he studies it. REPORT counts from the day the act became known."""
RECORDER: dict[str, Seat] = {
    StepCode.REPORT: Seat.SUPERVISOR,
    StepCode.CONTENT: Seat.SUPERVISOR,
    StepCode.STUDY: Seat.SUPERVISOR,
    StepCode.FORWARD: Seat.SUPERVISOR,
    StepCode.INVESTIGATION: Seat.POLICE,
    StepCode.FILE_STUDY: Seat.PROSECUTOR,
    StepCode.FILE_FIX: Seat.POLICE,
    StepCode.TO_COURT: Seat.PROSECUTOR,
    StepCode.VERDICT: Seat.PROSECUTOR,
    StepCode.APPEAL: Seat.PROSECUTOR,
    StepCode.APPEAL_VERDICT: Seat.PROSECUTOR,
    "": Seat.PROSECUTOR,
}
"""Whose step it is to write down. What the courts do, the prosecutor writes down."""


class TimeUnit(models.TextChoices):
    DAY = "hari", pgettext_lazy("jangka waktu", "hari")
    WORKING_DAY = "hari_kerja", pgettext_lazy("jangka waktu", "hari kerja")
    HOUR = "jam", pgettext_lazy("jangka waktu", "jam")


class Effect(models.TextChoices):
    """What it means that the time of a step is over."""

    ENDS = "gugur", _("Perkara gugur")
    FINAL = "tetap", _("Putusan berkekuatan hukum tetap")
    LATE = "terlambat", _("Tercatat terlambat; perkara berjalan terus")


class StepState(models.TextChoices):
    """How a step stands, reckoned from the history and the clock; stored nowhere."""

    DONE = "selesai", pgettext_lazy("langkah", "Selesai")
    RUNNING = "berjalan", pgettext_lazy("langkah", "Berjalan")
    LAPSED = "gugur", pgettext_lazy("langkah", "Gugur: lewat batas waktu")
    LATE = "terlambat", pgettext_lazy("langkah", "Lewat batas waktu")
    AHEAD = "menunggu", pgettext_lazy("langkah", "Menunggu langkah sebelumnya")
    SKIPPED = "tidak_perlu", pgettext_lazy("langkah", "Tidak diperlukan")
    STOPPED = "berhenti", pgettext_lazy("langkah", "Tidak dilanjutkan")


STEP_BADGES: dict[str, str] = {
    StepState.DONE: "success",
    StepState.RUNNING: "info",
    StepState.LAPSED: "danger",
    StepState.LATE: "danger",
    StepState.AHEAD: "silent",
    StepState.SKIPPED: "neutral",
    StepState.STOPPED: "neutral",
}


class EntryKind(models.TextChoices):
    """What an entry of a case's history tells."""

    OPENED = "opened", _("Diserahkan kepada Sentra Gakkumdu")
    DONE = "done", _("Langkah selesai")
    EXTENDED = "extended", _("Perpanjangan")
    RETURNED = "returned", _("Berkas dikembalikan")
    CLOSED = "closed", _("Perkara ditutup")


class Outcome(models.TextChoices):
    NOT_A_CRIME = "bukan_pidana", _("Bukan tindak pidana pemilihan")
    LITTLE_EVIDENCE = "kurang_bukti", _("Dihentikan: tidak cukup bukti")
    CONVICTED = "terbukti", _("Terbukti bersalah, putusan tetap")
    ACQUITTED = "bebas", _("Bebas atau lepas, putusan tetap")
    LAPSED = "gugur", _("Gugur: lewat batas waktu")


_BEFORE_COURT = (Outcome.NOT_A_CRIME, Outcome.LITTLE_EVIDENCE)
_JUDGED = (Outcome.CONVICTED, Outcome.ACQUITTED)
OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    StepCode.STUDY: _BEFORE_COURT,
    StepCode.FORWARD: _BEFORE_COURT,
    StepCode.INVESTIGATION: _BEFORE_COURT,
    StepCode.FILE_STUDY: _BEFORE_COURT,
    StepCode.FILE_FIX: _BEFORE_COURT,
    StepCode.TO_COURT: _BEFORE_COURT,
    StepCode.VERDICT: (),
    StepCode.APPEAL: _JUDGED,
    StepCode.APPEAL_VERDICT: (),
    "": _JUDGED,
}
"""How a case may end while a step runs. LAPSED is no choice: the clock alone says it."""
