from coordination.views.minutes.addenda import (
    addendum_create,
    addendum_edit,
    addendum_publish,
    addendum_sign,
)
from coordination.views.minutes.circulation import (
    minutes_circulate,
    minutes_object,
    minutes_publish,
    minutes_return,
    minutes_sign,
    objection_answer,
)
from coordination.views.minutes.documents import minutes_docx, minutes_pdf, verify, verify_file
from coordination.views.minutes.pages import (
    file_add,
    file_remove,
    markdown_preview,
    minutes_detail,
    minutes_edit,
    minutes_history,
    minutes_open,
    revision_restore,
)
from coordination.views.minutes.writing import head_save, minutes_write, passage_save, passage_seen

__all__ = [
    "addendum_create",
    "addendum_edit",
    "addendum_publish",
    "addendum_sign",
    "file_add",
    "file_remove",
    "head_save",
    "markdown_preview",
    "minutes_circulate",
    "minutes_detail",
    "minutes_docx",
    "minutes_edit",
    "minutes_history",
    "minutes_object",
    "minutes_open",
    "minutes_pdf",
    "minutes_publish",
    "minutes_return",
    "minutes_sign",
    "minutes_write",
    "objection_answer",
    "passage_save",
    "passage_seen",
    "revision_restore",
    "verify",
    "verify_file",
]
