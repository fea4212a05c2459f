from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.accounts import queries
from portal.accounts.enums import TenureKind
from portal.accounts.models import Post, User
from portal.web.forms import PortalForm


class ProfileForm(PortalForm):
    language = forms.ChoiceField(label=_("Bahasa"), choices=settings.LANGUAGES)


class PeopleFilter(forms.Form):
    q = forms.CharField(label=_("Nama, surel, atau jabatan"), required=False, max_length=80)


class TokenForm(PortalForm):
    label = forms.CharField(label=_("Keperluan"), max_length=80)
    days = forms.IntegerField(label=_("Berlaku (hari)"), min_value=1, max_value=90, initial=30)


class UserForm(PortalForm):
    email = forms.EmailField(label=_("Alamat surel"), max_length=254)
    name = forms.CharField(label=_("Nama tampilan"), max_length=120)


class AppointForm(PortalForm):
    user = forms.ModelChoiceField(label=_("Pengguna"), queryset=User.objects.none())
    post = forms.ModelChoiceField(label=_("Jabatan"), queryset=Post.objects.none())
    kind = forms.ChoiceField(label=_("Sifat"), choices=TenureKind.choices)
    starts_at = forms.DateTimeField(
        label=_("Berlaku sejak"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    ends_at = forms.DateTimeField(
        label=_("Sampai dengan"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    basis = forms.CharField(label=_("Dasar (nomor surat)"), max_length=120, required=False)

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(is_active=True).order_by("name")
        self.fields["post"].queryset = queries.assignable_posts(actor)
