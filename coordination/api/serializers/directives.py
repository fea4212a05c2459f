from rest_framework import serializers

from coordination.api.serializers.fields import slug
from coordination.models import Directive
from coordination.queries.origin import origin_of


class DirectiveSerializer(serializers.ModelSerializer):
    issuer_agency = slug(read_only=True)
    issuer_post = slug(read_only=True)
    due_stage = serializers.SlugRelatedField(slug_field="key", read_only=True)
    agencies = serializers.SerializerMethodField()
    units = serializers.SerializerMethodField()
    origin = serializers.SerializerMethodField()

    class Meta:
        model = Directive
        fields = [
            "id",
            "number",
            "meeting",
            "section",
            "agenda_item",
            "parent_obligation",
            "origin",
            "origin_url",
            "ground",
            "title",
            "text",
            "output",
            "evidence",
            "evidence_required",
            "kind",
            "binding",
            "priority",
            "issuer_agency",
            "issuer_post",
            "agencies",
            "units",
            "default_due_at",
            "due_kind",
            "due_days",
            "due_stage",
            "due_offset",
            "state",
            "issued_at",
            "classification",
            "illustrative",
            "version",
        ]

    def get_agencies(self, directive: Directive) -> list[str]:
        return list(dict.fromkeys(share.agency.slug for share in directive.addressees.all()))

    def get_units(self, directive: Directive) -> list[str]:
        return [share.unit.slug for share in directive.addressees.all() if share.unit]

    def get_origin(self, directive: Directive) -> str:
        return origin_of(directive).text
