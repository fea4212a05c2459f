"""The roof: one line per app."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.home.urls")),
    path("", include("portal.background.urls")),
    path("", include("portal.web.urls")),
    path("", include("portal.registry.urls")),
    path("", include("portal.notifications.urls")),
    path("", include("portal.audit.urls")),
    path("", include("portal.attachments.urls")),
    path("", include("portal.exports.urls")),
    path("", include("portal.imports.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("coordination.urls")),
    path("", include("deployments.urls")),
    path("", include("incidents.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("portal.api")),
]

handler400 = "portal.web.errors.bad_request"
handler403 = "portal.web.errors.permission_denied"
handler404 = "portal.web.errors.not_found"
handler500 = "portal.web.errors.server_error"
