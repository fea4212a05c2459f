"""What an action answers when it will not do what was asked."""

from typing import Any


class Refused(Exception):
    """The state or a rule forbids it. Carries the sentence for the user and, if one, the field."""

    def __init__(self, sentence: str, field: str | None = None):
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


class Stale(Refused):
    """Somebody else changed the row first; `current` is the row as it stands now."""

    def __init__(self, sentence: str, current: Any = None):
        super().__init__(sentence)
        self.current = current
