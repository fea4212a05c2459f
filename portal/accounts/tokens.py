from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed

from portal import clock
from portal.access.actor import Actor
from portal.access.context import set_actor


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token …`: acts as the token's post for as long as its holder holds it."""

    def authenticate(self, request):
        result = super().authenticate(request)
        if result is None:
            return None
        user, token = result
        tenure = user.tenures_at(clock.now()).filter(post=token.post_id).first()
        if tenure is None:
            raise AuthenticationFailed(_("Jabatan pada token ini tidak lagi Anda pegang."))
        actor = Actor.of(tenure)
        # The middleware ran before the token was read, so the actor is set here.
        request._request.actor = actor
        set_actor(actor)
        return user, token


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's schema describes the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`, from the profile or from `manage.py issue_token`.",
        }
