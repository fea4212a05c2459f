from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from portal.access.classification import Classification
from portal.accounts.enums import TENURE_PREFIX, Role, TenureKind


class PostQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "PostQuerySet":
        """Posts are the public order of an office: everyone signed in sees them."""
        return self if actor else self.none()

    def of_agencies(self, agencies) -> "PostQuerySet":
        return self.filter(unit__agency__in=agencies, is_active=True)

    def with_role(self, *roles: str) -> "PostQuerySet":
        return self.filter(roles__overlap=list(roles), is_active=True)


class Post(models.Model):
    """An office (jabatan): the roles, the clearance and the reach that its holder acts with."""

    slug = models.SlugField(_("Kode"), max_length=80, unique=True)
    title = models.CharField(_("Nama jabatan"), max_length=160)
    unit = models.ForeignKey(
        "registry.Unit", models.PROTECT, related_name="posts", verbose_name=_("Satuan")
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), verbose_name=_("Peran"), default=list
    )
    clearance = models.PositiveSmallIntegerField(
        _("Klasifikasi tertinggi"),
        choices=Classification.choices,
        default=Classification.TERBATAS,
    )
    region = models.ForeignKey(
        "registry.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wilayah kewenangan"),
    )
    phone = models.CharField(_("Telepon posko"), max_length=30, blank=True)
    is_active = models.BooleanField(_("Aktif"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("jabatan")
        verbose_name_plural = _("jabatan")
        constraints = [
            models.CheckConstraint(
                condition=Q(clearance__in=Classification.values), name="post_clearance_known"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def role_labels(self) -> str:
        """The roles in the reader's language."""
        return ", ".join(str(Role(role).label) for role in self.roles)


class TenureQuerySet(models.QuerySet):
    def active(self, at: datetime) -> "TenureQuerySet":
        """Held at that moment, by a person and a post that are both in use."""
        return self.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=at),
            starts_at__lte=at,
            user__is_active=True,
            post__is_active=True,
        )


class Tenure(models.Model):
    """A person holds a post from one moment to another; access ends by itself at the end."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="tenures")
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="tenures")
    kind = models.CharField(
        _("Sifat"), max_length=10, choices=TenureKind.choices, default=TenureKind.DEFINITIVE
    )
    starts_at = models.DateTimeField(_("Berlaku sejak"))
    ends_at = models.DateTimeField(_("Sampai dengan"), null=True, blank=True)
    basis = models.CharField(_("Dasar (nomor surat)"), max_length=120, blank=True)

    objects = TenureQuerySet.as_manager()

    class Meta:
        verbose_name = _("masa jabatan")
        verbose_name_plural = _("masa jabatan")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="tenure_ends_after_start",
            ),
            # Ranges of one id stand in for btree_gist, which small servers lack.
            ExclusionConstraint(
                name="tenure_no_overlap_per_user_and_post",
                expressions=[
                    (
                        Func(F("user"), F("user"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("post"), F("post"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("starts_at"),
                            F("ends_at"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{TENURE_PREFIX[TenureKind(self.kind)]}{self.post.title}"
