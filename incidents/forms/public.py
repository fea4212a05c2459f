"""The forms of people without an account, in plain words."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.actions.public_reports import PHOTOS_AT_ONCE, Contact
from incidents.enums import Timing
from incidents.models import PublicReport, PublicSubject
from portal.access.errors import Refused
from portal.attachments.pictures import photograph
from portal.registry.models import Region
from portal.web.forms import PortalForm

MAX_WORDS = 4_000
MAX_PHOTO = 8_000_000


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self):
        super().__init__(attrs={"accept": "image/jpeg,image/png"})


class PhotosField(forms.FileField):
    """Several pictures, each drawn anew: the value is a list of bytes."""

    widget = PhotosInput

    def __init__(self):
        super().__init__(
            label=gettext_lazy("Foto"),
            required=False,
            help_text=gettext_lazy(
                "JPG atau PNG, paling banyak 3 foto, masing-masing 8 MB. Keterangan tempat dan "
                "waktu di dalam foto dihapus."
            ),
        )

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        given: Sequence[UploadedFile] = (
            [] if not data else data if isinstance(data, list) else [data]
        )
        if len(given) > PHOTOS_AT_ONCE:
            raise forms.ValidationError(
                _("Paling banyak %(most)s foto sekali kirim.") % {"most": PHOTOS_AT_ONCE}
            )
        return [self._drawn(file) for file in given]

    def _drawn(self, file: UploadedFile) -> bytes:
        file = super().clean(file)
        if (file.size or 0) > MAX_PHOTO:
            raise forms.ValidationError(_("Satu foto lebih besar dari 8 MB."))
        try:
            return photograph(file.name or "", file.read())
        except Refused as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal


class ProofForm(PortalForm):
    """What shows that sending took some work, and the trap that only programs fill in."""

    proof = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4_000)
    ticket = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)
    result = forms.CharField(label=gettext_lazy("Jawaban"), required=False, max_length=4)
    website = forms.CharField(label=gettext_lazy("Situs web"), required=False)

    PROOF = ("proof", "ticket", "result", "website")

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes: without the proof."""
        return {name: value for name, value in super().values.items() if name not in self.PROOF}


class PublicReportForm(ProofForm):
    """Kind, place, time, words, pictures; and two separate choices: who is known, what is known."""

    KNOWN = (
        ("anonim", gettext_lazy("Saya tidak ingin dikenal. Tidak ada identitas yang disimpan.")),
        ("kontak", gettext_lazy("Saya bersedia dihubungi petugas.")),
    )
    READ = (
        ("biasa", gettext_lazy("Isinya boleh dibaca petugas yang menangani.")),
        (
            "rahasia",
            gettext_lazy("Isinya rahasia: hanya dibaca pejabat yang berwenang atas data rahasia."),
        ),
    )

    subject = forms.ModelChoiceField(
        label=gettext_lazy("Apa yang terjadi?"),
        queryset=PublicSubject.objects.all(),
        empty_label=gettext_lazy("Pilih yang paling dekat"),
    )
    regency = forms.ChoiceField(label=gettext_lazy("Kabupaten atau kota"))
    district = forms.ChoiceField(label=gettext_lazy("Kecamatan"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Di mana tepatnya?"),
        max_length=PublicReport._meta.get_field("place").max_length,
        required=False,
        help_text=gettext_lazy("Desa, jalan, nomor TPS, atau patokan lain."),
    )
    latitude = forms.FloatField(label=gettext_lazy("Lintang"), required=False)
    longitude = forms.FloatField(label=gettext_lazy("Bujur"), required=False)
    timing = forms.ChoiceField(
        label=gettext_lazy("Kapan?"),
        choices=Timing.choices,
        initial=Timing.PAST,
        widget=forms.RadioSelect,
    )
    occurred_at = forms.DateTimeField(
        label=gettext_lazy("Tanggal dan jam"),
        help_text=gettext_lazy("Perkiraan sudah cukup. Waktu Indonesia Tengah (WITA)."),
    )
    text = forms.CharField(
        label=gettext_lazy("Ceritakan"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=MAX_WORDS,
        help_text=gettext_lazy(
            "Apa yang Anda lihat atau dengar. Jangan menulis nama atau nomor Anda bila tidak ingin "
            "dikenal, dan jangan menulis perolehan suara."
        ),
    )
    photos = PhotosField()
    known = forms.ChoiceField(
        label=gettext_lazy("Siapa yang melapor"),
        choices=KNOWN,
        initial="anonim",
        widget=forms.RadioSelect,
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Nama atau panggilan"), max_length=80, required=False
    )
    contact_reach = forms.CharField(
        label=gettext_lazy("Telepon atau surel"), max_length=120, required=False
    )
    read = forms.ChoiceField(
        label=gettext_lazy("Isi laporan"),
        choices=READ,
        initial="biasa",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, regions: list[tuple[str, list[tuple[str, str]]]], **kwargs):
        super().__init__(*args, **kwargs)
        regencies = [(districts[0][0], name) for name, districts in regions]
        groups = [(name, districts[1:]) for name, districts in regions]
        self.fields["regency"].choices = [("", _("Pilih")), *regencies]
        self.fields["district"].choices = [("", _("Tidak tahu")), *groups]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        regency, district = cleaned.get("regency"), cleaned.get("district")
        if regency and district and not district.startswith(regency + "."):
            self.add_error("district", _("Kecamatan ini tidak ada di kabupaten atau kota itu."))
        wants = cleaned.get("known") == "kontak"
        if wants and not (cleaned.get("contact_reach") or "").strip():
            self.add_error(
                "contact_reach", _("Tulis telepon atau surel, atau pilih tanpa identitas.")
            )
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        given = super().values
        known, read = given.pop("known"), given.pop("read")
        contact = Contact(given.pop("contact_name"), given.pop("contact_reach"))
        code = given.pop("district") or given["regency"]
        del given["regency"]
        return given | {
            "region": Region.objects.get(pk=code),
            "anonymous": known != "kontak",
            "confidential": read == "rahasia",
            "contact": contact,
        }


class CodeForm(PortalForm):
    code = forms.CharField(
        label=gettext_lazy("Kode laporan"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "26 huruf dan angka; tanda hubung dan huruf besar tidak berpengaruh."
        ),
    )


class AdditionForm(PortalForm):
    """More, for a report whose code is held."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=60)
    text = forms.CharField(
        label=gettext_lazy("Tambahan"), widget=forms.Textarea, required=False, max_length=MAX_WORDS
    )
    photos = PhotosField()
