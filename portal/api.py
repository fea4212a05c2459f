"""The roof of the API: one router over the routes that every app offers."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import APIRootView, DefaultRouter

from coordination.api import ROUTES as COORDINATION
from deployments.api import ROUTES as DEPLOYMENTS
from incidents.api import ROUTES as INCIDENTS
from portal.access.needs import Needs
from portal.access.permissions import Permission
from portal.exports.api import ROUTES as EXPORTS
from portal.home.api import ROUTES as SEARCH
from portal.imports.api import ROUTES as IMPORTS
from portal.notifications.api import ROUTES as NOTIFICATIONS
from portal.registry.api import ROUTES as REGISTRY

ROUTES = [
    *REGISTRY,
    *COORDINATION,
    *DEPLOYMENTS,
    *INCIDENTS,
    *NOTIFICATIONS,
    *EXPORTS,
    *IMPORTS,
    *SEARCH,
]


class Root(APIRootView):
    """The list of collections."""

    needs = {"get": Permission.DASHBOARD_VIEW}


class Schema(SpectacularAPIView):
    """The OpenAPI description of everything under /api/v1/."""

    permission_classes = [Needs]
    needs = {"get": Permission.DASHBOARD_VIEW}


class Router(DefaultRouter):
    APIRootView = Root


router = Router()
router.include_format_suffixes = False
for prefix, view_set, basename in ROUTES:
    router.register(prefix, view_set, basename)

urlpatterns = [
    path("schema/", Schema.as_view(), name="api-schema"),
    path("", include(router.urls)),
]
