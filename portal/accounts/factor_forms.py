"""The forms in which a code of the second factor is typed."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.forms import Field

# The only field of its page, and nothing but digits: the codes of the telephone and of the paper.
TYPED = {"autofocus": True, "inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}


class SignInCodeForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        typed(self.fields["code"])


class ProofCodeForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        typed(self.fields["code"])


def typed(field: Field) -> None:
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(TYPED)
