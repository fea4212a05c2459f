"""The fixed words of the notula's form, and the names of its parts."""

from django.utils.translation import gettext as _

from coordination.exports.attendance import heads

PARTS = ("agenda", "directives", "attendance", "matrix", "addenda")
"""What a reader may leave out of his copy."""


def part_labels() -> dict[str, str]:
    """The parts that may be left out, by the name in the address."""
    return {
        "agenda": _("Susunan acara"),
        "directives": _("Arahan dan penekanan pimpinan"),
        "attendance": _("Daftar hadir"),
        "matrix": _("Matriks tindak lanjut"),
        "addenda": _("Adendum"),
    }


def labels() -> dict[str, str | list[str]]:
    """The fixed words of the form."""
    return {
        "notula": _("Notula"),
        "number": _("Nomor:"),
        "page": _("Halaman"),
        "of": _("dari"),
        "draft": _("DRAF – belum diterbitkan"),
        "agenda": _("Susunan acara"),
        "opening": _("Pembukaan"),
        "discussion": _("Pembahasan"),
        "speaker": _("Pembicara"),
        "decision": _("Keputusan"),
        "directive": _("Arahan"),
        "files": _("Lampiran notula"),
        "verify": _("Periksa keaslian"),
        "directives": _("Arahan dan penekanan pimpinan"),
        "for": _("Untuk"),
        "conclusion": _("Kesimpulan"),
        "closing": _("Penutupan"),
        "sealed": _(
            "Nilai ini dihitung dari seluruh isi notula saat terbit. Satu huruf yang berubah "
            "menghasilkan nilai lain."
        ),
        "source": _("Sumber"),
        "illustrative": _("Data ilustrasi: isi notula ini disusun untuk peragaan portal."),
        "annex_attendance": _("Lampiran I. Daftar hadir"),
        "attendance_heads": heads(),
        "annex_matrix": _("Lampiran II. Matriks tindak lanjut"),
        "matrix_heads": [
            _("No."),
            _("Arahan"),
            _("Dasar"),
            _("Penanggung jawab"),
            _("Instansi pendukung"),
            _("Keluaran dan bukti dukung"),
            _("Tenggat"),
        ],
    }
