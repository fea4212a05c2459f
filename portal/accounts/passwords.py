from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn


class GuessableValidator:
    """Refuses passwords that a guessing programme finds quickly, whatever characters they mix."""

    minimum_score = 3
    # zxcvbn's time grows with the square of the length; beyond this nothing is guessable anyway.
    judged_length = 72

    def validate(self, password: str, user=None) -> None:
        known = [user.email, user.name] if user else []
        if zxcvbn(password[: self.judged_length], user_inputs=known)["score"] < self.minimum_score:
            raise ValidationError(
                _("Kata sandi ini mudah ditebak. Gunakan beberapa kata yang tidak berkaitan."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Gunakan beberapa kata yang tidak berkaitan; jangan nama, tanggal, atau pola.")
