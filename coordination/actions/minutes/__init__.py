"""Minutes from the first word to the last addendum; the only writers of their tables."""

from coordination.actions.minutes.addenda import (
    draft_addendum,
    edit_addendum,
    publish_addendum,
    sign_addendum,
)
from coordination.actions.minutes.circulation import (
    answer_objection,
    circulate_minutes,
    object_to,
    return_to_draft,
)
from coordination.actions.minutes.copies import issue_copy
from coordination.actions.minutes.files import add_file, remove_file
from coordination.actions.minutes.passages import Saved
from coordination.actions.minutes.sealing import fingerprint, publish_minutes, sign_minutes
from coordination.actions.minutes.writing import (
    SectionDraft,
    open_minutes,
    restore_revision,
    save_head,
    save_minutes,
    save_section,
    touch_section,
)

__all__ = [
    "Saved",
    "SectionDraft",
    "add_file",
    "answer_objection",
    "circulate_minutes",
    "draft_addendum",
    "edit_addendum",
    "fingerprint",
    "issue_copy",
    "object_to",
    "open_minutes",
    "publish_addendum",
    "publish_minutes",
    "remove_file",
    "restore_revision",
    "return_to_draft",
    "save_head",
    "save_minutes",
    "save_section",
    "sign_addendum",
    "sign_minutes",
    "touch_section",
]
