from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.forms.lines import AgenciesChoice, AgencyChoice, CheckedByAction
from coordination.models import AgendaItem, AgendaTemplate, MeetingSeries
from portal.access.actor import Actor
from portal.accounts.models import Post
from portal.registry.models import Operation
from portal.web.forms import PortalForm, PortalModelForm


class PostChoice(forms.ModelChoiceField):
    """An office by its name, with its agency: several agencies have one of the same name."""

    def __init__(self, **kwargs: Any):
        rows = Post.objects.filter(is_active=True).select_related("unit__agency")
        super().__init__(queryset=rows.order_by("unit__agency__position", "title", "pk"), **kwargs)

    def label_from_instance(self, post: Post) -> str:
        return f"{post.unit.agency.short_name} – {post.title}"


class AgendaItemForm(CheckedByAction, PortalModelForm):
    """An item with all it can have: section, who presents, minutes, files, who may know it."""

    versioned = True
    presenter = AgencyChoice(
        label=_("Instansi penyaji"), required=False, empty_label=_("Tanpa penyaji")
    )
    presenter_post = PostChoice(
        label=_("Jabatan penyaji"),
        required=False,
        empty_label=_("Tidak dipilih"),
        help_text=_("Bila jabatannya tidak ada dalam daftar, tulis di bawah."),
    )
    presenter_office = forms.CharField(
        label=_("Jabatan penyaji, ditulis sendiri"), max_length=160, required=False
    )
    planned_minutes = forms.IntegerField(label=_("Menit"), min_value=1, max_value=600, initial=15)
    audience = AgenciesChoice(
        label=_("Terbuka bagi"),
        required=False,
        help_text=_(
            "Hanya untuk butir tertutup. Tuan rumah dan penyaji selalu dapat membacanya; "
            "instansi lain hanya melihat “Butir tertutup” dan menitnya."
        ),
    )
    file = forms.FileField(
        label=_("Bahan paparan"),
        required=False,
        allow_empty_file=True,
        help_text=_("PDF, gambar, DOCX, atau XLSX, paling besar 20 MB."),
    )

    class Meta:
        model = AgendaItem
        fields = [
            "title",
            "section",
            "planned_minutes",
            "presenter",
            "presenter_post",
            "presenter_office",
            "is_closed",
            "audience",
        ]
        help_texts = {
            "section": _("Judul yang mengelompokkan beberapa mata acara; boleh dikosongkan."),
        }

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        instance: AgendaItem | None = None,
        sections: Any = (),
    ):
        super().__init__(data, files, instance=instance)
        if instance is None:
            self.fields["version"].required = False
        self.sections = sorted({name for name in sections if name})
        if self.sections:
            self.fields["section"].widget.attrs["list"] = "bagian-acara"

    @property
    def attached(self) -> list[Any]:
        file = self.cleaned_data.get("file")
        return [file] if file else []

    @property
    def item_values(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name != "file"}


class SeriesForm(CheckedByAction, PortalModelForm):
    versioned = True

    class Meta:
        model = MeetingSeries
        fields = ["title", "kind", "operation", "is_active"]
        help_texts = {
            "is_active": _("Seri yang tidak aktif tidak ditawarkan lagi untuk rakor baru."),
        }

    def __init__(self, data: Any = None, *, instance: MeetingSeries | None = None):
        super().__init__(data, instance=instance)
        self.fields["operation"].queryset = Operation.objects.all()
        if instance is None:
            self.fields["version"].required = False
            self.fields["operation"].initial = Operation.objects.first()


class TemplateNameForm(PortalForm):
    name = forms.CharField(label=_("Nama contoh"), max_length=120)


class TemplateChoiceForm(PortalForm):
    template = forms.ModelChoiceField(
        label=_("Contoh susunan acara"),
        queryset=AgendaTemplate.objects.none(),
        empty_label=_("Pilih contoh"),
    )

    def __init__(self, data: Any = None, *, actor: Actor):
        super().__init__(data)
        self.fields["template"].queryset = AgendaTemplate.objects.visible_to(actor)


class OrderForm(PortalForm):
    """The whole order as the browser dropped it: ids with commas between."""

    order = forms.CharField(max_length=2_000)
    moved = forms.IntegerField(required=False)

    def clean_order(self) -> list[int]:
        parts = [part.strip() for part in self.cleaned_data["order"].split(",")]
        if not all(part.isdecimal() and len(part) < 12 for part in parts):
            raise forms.ValidationError(_("Urutan tidak terbaca. Muat ulang halaman."))
        return [int(part) for part in parts]
