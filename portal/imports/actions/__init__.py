"""The only writers of import jobs, of their rows and of their files."""

from portal.imports.actions.applying import request_apply, run_apply
from portal.imports.actions.checking import run_check
from portal.imports.actions.sweeping import GIVE_UP_AFTER, sweep
from portal.imports.actions.undoing import request_undo, run_undo
from portal.imports.actions.uploading import KEEP, discard_import, note_download, upload_file

__all__ = [
    "GIVE_UP_AFTER",
    "KEEP",
    "discard_import",
    "note_download",
    "request_apply",
    "request_undo",
    "run_apply",
    "run_check",
    "run_undo",
    "sweep",
    "upload_file",
]
