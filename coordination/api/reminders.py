from rest_framework import serializers

from coordination.enums import Occasion, Recipient, ReminderOutcome


class SaidSerializer(serializers.Serializer):
    """A rung that was said, or passed over for a higher one. `after`: minutes."""

    at = serializers.DateTimeField(source="sent_at")
    occasion = serializers.ChoiceField(source="rung", choices=Occasion.choices)
    after = serializers.IntegerField()
    counted_from = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=ReminderOutcome.choices)
    wanted = serializers.ChoiceField(choices=Recipient.choices)
    recipient = serializers.ChoiceField(choices=Recipient.choices, allow_blank=True)
    told = serializers.ListField(child=serializers.CharField())


class ComingSerializer(serializers.Serializer):
    """A rung that will be said then if nobody answers; `told` as the posts are held now."""

    at = serializers.DateTimeField()
    occasion = serializers.ChoiceField(choices=Occasion.choices)
    after = serializers.IntegerField()
    wanted = serializers.ChoiceField(choices=Recipient.choices)
    recipient = serializers.ChoiceField(choices=Recipient.choices)
    told = serializers.ListField(child=serializers.CharField())


class RemindersSerializer(serializers.Serializer):
    said = SaidSerializer(many=True)
    coming = ComingSerializer(many=True)
