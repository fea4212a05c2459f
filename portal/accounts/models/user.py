from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. Rights hang on the posts held, never on the person."""

    email = models.EmailField(_("Alamat surel"), max_length=254)
    name = models.CharField(_("Nama tampilan"), max_length=120)
    language = models.CharField(
        _("Bahasa"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    is_active = models.BooleanField(_("Aktif"), default=True)
    last_post = models.ForeignKey(
        "accounts.Post",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Jabatan terakhir dipakai"),
    )
    date_joined = models.DateTimeField(_("Terdaftar sejak"), auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    # The admin site and Django's permission tables are not used: see portal.access.
    is_staff = False
    is_superuser = False

    objects = UserManager()

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def tenures_at(self, at: datetime) -> models.QuerySet:
        """The posts this person holds at that moment, with post, unit and agency."""
        return (
            self.tenures.active(at)
            .select_related("post__unit__agency")
            .order_by("post__title", "pk")
        )
