"""Who signs proves himself anew: how, and whether he did so just now."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from portal import clock

RECENT_SECONDS = 300


def recent_proof(request: HttpRequest) -> str:
    """The strongest proof that the person gave within the last five minutes: "mfa" (authenticator
    or passkey), "password", or "" for none. Having signed in just now counts for none."""
    now = clock.true_now().timestamp()
    methods = {
        record.get("method")
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated") and 0 <= now - record["at"] <= RECENT_SECONDS
    }
    return "mfa" if "mfa" in methods else "password" if "password" in methods else ""


def is_proven(request: HttpRequest) -> bool:
    """Whether the recent proof is the one that this installation asks of who signs."""
    proof = recent_proof(request)
    return proof == "mfa" or (proof == "password" and settings.SIGN_STEP_UP == "password")


def second_factors(request: HttpRequest) -> set[str]:
    """The kinds that the person has enrolled: totp, webauthn. Recovery codes alone are none."""
    own = Authenticator.objects.filter(user_id=request.user.pk)
    return set(own.exclude(type="recovery_codes").values_list("type", flat=True))


def proof_url(request: HttpRequest) -> str:
    """Where the person proves himself; it leads back to the present page. Empty when he has no
    second factor yet and must enrol one first."""
    enrolled = second_factors(request)
    if enrolled:
        name = "mfa_reauthenticate" if "totp" in enrolled else "mfa_reauthenticate_webauthn"
    elif settings.SIGN_STEP_UP == "password":
        name = "account_reauthenticate"
    else:
        return ""
    return f"{reverse(name)}?{urlencode({'next': request.path})}"
