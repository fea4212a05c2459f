from itertools import chain, count
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.accounts import queries
from portal.accounts.enums import Role, TenureKind
from portal.accounts.models import Post, User
from portal.registry.models import Agency, Region, Unit
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


class PostFilter(forms.Form):
    """Which offices are listed."""

    q = forms.CharField(label=_("Nama jabatan"), required=False, max_length=80)
    agency = forms.ModelChoiceField(
        label=_("Instansi"),
        queryset=Agency.objects.order_by("position"),
        required=False,
        empty_label=_("Semua"),
    )
    role = forms.ChoiceField(
        label=_("Peran"), choices=[("", _("Semua")), *Role.choices], required=False
    )


class PostForm(PortalForm):
    """An office with its roles and reach; classes above the actor's own are not offered."""

    versioned = True

    title = forms.CharField(label=_("Nama jabatan"), max_length=160)
    roles = forms.MultipleChoiceField(
        label=_("Peran"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Boleh lebih dari satu; hak pemegang jabatan adalah gabungannya."),
    )
    clearance = forms.TypedChoiceField(label=_("Klasifikasi tertinggi"), coerce=int)
    region = forms.ModelChoiceField(
        label=_("Wilayah kewenangan"),
        queryset=Region.objects.filter(
            level__in=[Region.Level.PROVINCE, Region.Level.REGENCY]
        ).order_by("code"),
        required=False,
        empty_label=_("Tanpa wilayah"),
        help_text=_("Wilayah yang diawasi jabatan ini. Kosong: hanya urusan instansinya."),
    )
    phone = forms.CharField(label=_("Telepon posko"), max_length=30, required=False)
    is_active = forms.BooleanField(
        label=_("Dipakai"),
        required=False,
        initial=True,
        help_text=_(
            "Bila tidak dipakai, pemegangnya tidak dapat bertindak lagi sebagai jabatan ini."
        ),
    )

    def __init__(self, data: Any = None, *, actor: Actor, post: Post | None = None):
        super().__init__(data)
        self.fields["version"].required = False
        self.fields["clearance"].choices = [
            choice for choice in Classification.choices if choice[0] <= actor.clearance
        ]
        self.fields["clearance"].initial = Classification.TERBATAS
        if post is not None:
            for name in ("title", "roles", "clearance", "region", "phone", "is_active", "version"):
                self.fields[name].initial = getattr(post, name)


class NewPostForm(PostForm):
    """A new office also names its unit, which stays."""

    unit = forms.ModelChoiceField(
        label=_("Satuan"),
        queryset=Unit.objects.filter(is_active=True).order_by("agency__position", "path"),
        help_text=_("Tidak dapat diganti kemudian."),
    )
    field_order = ("title", "unit")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["is_active"]
        del self.fields["version"]

    def slug(self) -> str:
        """The office's code: its title, with a number when another office has that name."""
        plain = slugify(self.cleaned_data["title"])[:70] or "jabatan"
        taken = set(Post.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
        numbered = (f"{plain}-{number}" for number in count(2))
        return next(slug for slug in chain([plain], numbered) if slug not in taken)


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
