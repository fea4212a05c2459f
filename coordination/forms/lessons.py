from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.enums import LessonKind, LessonState
from coordination.forms.lines import AgencyChoice
from coordination.models import AgendaItem, Directive, Lesson, Meeting, MinutesSection
from portal.access.actor import Actor
from portal.web.forms import PortalForm


class LessonForm(PortalForm):
    kind = forms.ChoiceField(
        label=_("Jenis"), choices=LessonKind.choices, initial=LessonKind.PROBLEM
    )
    title = forms.CharField(label=_("Pokok"), max_length=160)
    text = forms.CharField(
        label=_("Uraian"),
        max_length=10_000,
        widget=forms.Textarea,
        help_text=_("Apa yang terjadi, akibatnya, dan apa yang sebaiknya dilakukan lain kali."),
    )
    owner_agency = AgencyChoice(label=_("Penanggung jawab"))
    agenda_item = forms.ModelChoiceField(
        label=_("Mata acara"), queryset=AgendaItem.objects.none(), required=False
    )
    section = forms.ModelChoiceField(
        label=_("Bagian notula"), queryset=MinutesSection.objects.none(), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        meeting: Meeting,
        actor: Actor,
        sections: QuerySet[MinutesSection],
    ):
        super().__init__(data)
        items = AgendaItem.objects.visible_to(actor).filter(meeting=meeting)
        self.fields["agenda_item"].queryset = items.order_by("position")
        self.fields["section"].queryset = sections


class FollowUpForm(PortalForm):
    versioned = True
    state = forms.ChoiceField(
        label=_("Keadaan"), choices=LessonState.choices, widget=forms.RadioSelect
    )
    directive = forms.ModelChoiceField(
        label=_("Arahan"), queryset=Directive.objects.none(), required=False
    )
    follow_up = forms.CharField(
        label=_("Tindak lanjut"),
        max_length=4000,
        widget=forms.Textarea,
        required=False,
        help_text=_("Wajib diisi bila tidak ada arahannya."),
    )

    def __init__(self, data: Any = None, *, lesson: Lesson, directives: QuerySet[Directive]):
        super().__init__(data)
        self.fields["directive"].queryset = directives
        self.fields["version"].initial = lesson.version
        self.fields["state"].initial = lesson.state
        self.fields["directive"].initial = lesson.directive_id
        self.fields["follow_up"].initial = lesson.follow_up
