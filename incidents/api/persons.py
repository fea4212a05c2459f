"""Who is involved in an incident, over the API: masked, but for the answer of `open`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.actions.person_forgetting import forget_person
from incidents.actions.persons import Named, Particulars, add_person, change_person, open_person
from incidents.api.incidents import read_by, valid
from incidents.enums.persons import OLDEST, Condition, PersonPart, Sex
from incidents.filters import InvolvedPersonFilter
from incidents.models import Incident, InvolvedPerson
from incidents.queries import mask
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.web.idempotency import api_once

KNOWN = ("part", "age", "minor", "sex", "condition")


class InvolvedPersonSerializer(serializers.ModelSerializer):
    shown = serializers.SerializerMethodField()

    class Meta:
        model = InvolvedPerson
        fields = [
            "id", "incident", "shown", *KNOWN, "added_at", "forget_on", "forgotten_at", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_shown(self, person: InvolvedPerson) -> str:
        """Initials and age; of a child that it is one."""
        return mask(person)


class PersonWriteSerializer(serializers.Serializer):
    """`minor` follows from `age` where that is given; `condition` is of victims."""

    incident = serializers.PrimaryKeyRelatedField(queryset=Incident.objects.none())
    part = serializers.ChoiceField(choices=PersonPart.choices)
    name = serializers.CharField(max_length=120, write_only=True)
    note = serializers.CharField(max_length=300, allow_blank=True, default="", write_only=True)
    age = serializers.IntegerField(min_value=0, max_value=OLDEST, allow_null=True, default=None)
    minor = serializers.BooleanField(default=False)
    sex = serializers.ChoiceField(choices=Sex.choices, allow_blank=True, default="")
    condition = serializers.ChoiceField(choices=Condition.choices, allow_blank=True, default="")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "incident" in self.fields:
            self.fields["incident"].queryset = Incident.objects.visible_to(
                self.context.get("actor")
            )


class PersonChangeSerializer(PersonWriteSerializer):
    """What to change; name and note go together, and stay when no name is sent."""

    incident = None
    version = serializers.IntegerField(min_value=1, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, partial=True, **kwargs)


class PersonNamedSerializer(serializers.Serializer):
    name = serializers.CharField()
    note = serializers.CharField()


class InvolvedPersonViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Suspects, victims and witnesses of incidents in sight. No list and no filter knows a name."""

    queryset = (
        InvolvedPerson.objects.select_related("incident")
        .defer("sealed", "incident__stems")
        .order_by("pk")
    )
    serializer_class = InvolvedPersonSerializer
    filterset_class = InvolvedPersonFilter
    needs = {
        "list": Permission.INCIDENT_VIEW,
        "retrieve": Permission.INCIDENT_VIEW,
        "create": Permission.PERSON_WRITE,
        "partial_update": Permission.PERSON_WRITE,
        "open": Permission.PERSON_OPEN,
        "forget": Permission.PERSON_WRITE,
    }

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(read_by(self.actor, self.get_object())).data)

    @extend_schema(request=PersonWriteSerializer, responses={201: InvolvedPersonSerializer})
    def create(self, request: Request) -> Response:
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(PersonWriteSerializer, request, self.actor)
        incident = given.pop("incident")
        named = Named(given.pop("name"), given.pop("note"))
        person = add_person(incident, Particulars(**given), named, **self._by())
        return Response(self.get_serializer(person).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PersonChangeSerializer, responses=InvolvedPersonSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        return api_once(request, lambda: self._change(request))

    def _change(self, request: Request) -> Response:
        given = valid(PersonChangeSerializer, request, self.actor)
        person = self.get_object()
        version, note = given.pop("version", None), given.pop("note", "")
        named = Named(given.pop("name"), note) if "name" in given else None
        stands = {name: getattr(person, name) for name in KNOWN}
        known = Particulars(**{**stands, **given})
        person = change_person(person, known, named, version=version, **self._by())
        return Response(self.get_serializer(person).data)

    @extend_schema(request=None, responses=PersonNamedSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def open(self, request: Request, pk: str) -> Response:
        """The name; each asking is recorded, and no answer kept."""
        return Response(PersonNamedSerializer(open_person(self.get_object(), **self._by())).data)

    @extend_schema(request=None, responses=InvolvedPersonSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def forget(self, request: Request, pk: str) -> Response:
        """Wipe the name for ever, before its day."""

        def call() -> Response:
            person = forget_person(self.get_object(), **self._by())
            return Response(self.get_serializer(person).data)

        return api_once(request, call)

    def _by(self) -> dict[str, Any]:
        return {"by": self.actor, "at": clock.now()}
