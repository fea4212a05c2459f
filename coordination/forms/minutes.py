from typing import Any

from django import forms
from django.forms import formset_factory
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from coordination.actions.minutes import SectionDraft
from coordination.forms.lines import CheckedByAction, LineForm, WithLines
from coordination.models import AgendaItem, Minutes, MinutesSection
from portal.web.forms import PortalForm, PortalModelForm

MARKDOWN = _("Markdown: **tebal**, *miring*, daftar dengan tanda - atau 1.")


PERSONS = (
    "chair_rank",
    "vice_chair_office",
    "vice_chair_name",
    "secretary_office",
    "secretary_name",
    "taker_office",
    "taker_name",
    "taker_rank",
)


def with_preview(form: forms.BaseForm, name: str) -> None:
    """Let the text area ask for its preview while one types."""
    place = form.add_prefix(name)
    form.fields[name].widget.attrs |= {
        "hx-post": reverse_lazy("coordination:markdown_preview"),
        "hx-trigger": "input changed delay:400ms",
        "hx-target": f"#preview-{place}",
        "hx-params": place,
        "rows": 6,
    }


class SectionLine(LineForm):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    agenda_item = forms.IntegerField(required=False, widget=forms.HiddenInput)
    heading = forms.CharField(label=_("Pokok bahasan"), max_length=200)
    speaker = forms.CharField(label=_("Pembicara"), max_length=160, required=False)
    order = forms.IntegerField(label=_("Urutan"), required=False, min_value=1, max_value=500)
    body = forms.CharField(
        label=_("Pembahasan"), required=False, widget=forms.Textarea, help_text=MARKDOWN
    )
    decision = forms.CharField(label=_("Keputusan"), required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        with_preview(self, "body")
        with_preview(self, "decision")
        self.fields["decision"].widget.attrs["rows"] = 3


SectionLines = formset_factory(SectionLine, extra=1, can_delete=True, max_num=200)


class MinutesForm(WithLines, CheckedByAction, PortalModelForm):
    versioned = True

    class Meta:
        model = Minutes
        fields = ["opening", "conclusion", "closing", *PERSONS]
        help_texts = {"opening": MARKDOWN, "taker_name": _("Boleh dikosongkan.")}

    def __init__(self, data: Any = None, *, instance: Minutes):
        super().__init__(data, instance=instance)
        for name in ("opening", "conclusion", "closing"):
            with_preview(self, name)
        lines = [
            {
                "pk": section.pk,
                "version": section.version,
                "agenda_item": section.agenda_item_id,
                "order": section.position,
                "heading": section.heading,
                "speaker": section.speaker,
                "body": section.body,
                "decision": section.decision,
            }
            for section in instance.sections.order_by("position")
        ]
        self.lines = SectionLines(data, initial=lines, prefix="sections")

    @property
    def person_fields(self) -> list[Any]:
        return [self[name] for name in PERSONS]

    def sections(self) -> list[SectionDraft]:
        items = {item.pk: item for item in AgendaItem.objects.filter(meeting=self.instance.meeting)}
        lines = [
            line.cleaned_data
            for line in self.lines.forms
            if line.cleaned_data.get("heading") and not line.cleaned_data.get("DELETE")
        ]
        return [
            SectionDraft(
                heading=line["heading"],
                speaker=line["speaker"],
                body=line["body"],
                decision=line["decision"],
                version=line.get("version"),
                agenda_item=items.get(line.get("agenda_item")),
                pk=line.get("pk"),
            )
            for line in sorted(lines, key=lambda line: line.get("order") or 999)
        ]


class PublishForm(PortalForm):
    """Nothing to fill in: the version says what was read before it was confirmed."""

    versioned = True

    def __init__(self, data: Any = None, *, minutes: Minutes):
        super().__init__(data)
        self.fields["version"].initial = minutes.version


class PassageForm(PortalForm):
    """One passage, as it is while it is being written; `base` is the version that it grew from."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    speaker = forms.CharField(label=_("Pembicara"), max_length=160, required=False)
    speaking = forms.MultipleChoiceField(
        label=_("Instansi pembicara"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Instansi ini dapat mengajukan keberatan atas bagian ini saat edaran."),
    )
    body = forms.CharField(
        label=_("Pembahasan"), required=False, widget=forms.Textarea, help_text=MARKDOWN
    )
    decision = forms.CharField(label=_("Keputusan"), required=False, widget=forms.Textarea)

    def __init__(self, data: Any = None, *, section: MinutesSection, agencies: Any):
        initial = {
            "base": section.version,
            "speaker": section.speaker,
            "speaking": section.speaking,
            "body": section.body,
            "decision": section.decision,
        }
        super().__init__(data, initial=initial, prefix=f"p{section.pk}")
        self.fields["speaking"].choices = [(row.slug, row.short_name) for row in agencies]
        for name in ("body", "decision"):
            with_preview(self, name)
        self.fields["decision"].widget.attrs["rows"] = 3

    @property
    def texts(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name != "base"}


class HeadForm(PortalForm):
    """Opening, conclusion and closing, saved by themselves like a passage."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    opening = forms.CharField(
        label=_("Pembukaan"), required=False, widget=forms.Textarea, help_text=MARKDOWN
    )
    conclusion = forms.CharField(label=_("Kesimpulan"), required=False, widget=forms.Textarea)
    closing = forms.CharField(label=_("Penutupan"), required=False, widget=forms.Textarea)

    def __init__(self, data: Any = None, *, minutes: Minutes):
        initial = {name: getattr(minutes, name) for name in ("opening", "conclusion", "closing")}
        super().__init__(data, initial=initial | {"base": minutes.version}, prefix="kepala")
        for name in ("opening", "conclusion", "closing"):
            with_preview(self, name)
            self.fields[name].widget.attrs["rows"] = 3

    @property
    def texts(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name != "base"}
