"""Records as plain values: what is hashed, and what is printed."""

from coordination.exports.copies import notula_file
from coordination.exports.docx import notula_docx
from coordination.exports.notula import Copy, notula
from coordination.exports.notula_words import PARTS, labels, part_labels
from coordination.exports.sealed import canonical, digest, files_of, issued_with, signable

__all__ = [
    "PARTS",
    "Copy",
    "canonical",
    "digest",
    "files_of",
    "issued_with",
    "labels",
    "notula",
    "notula_docx",
    "notula_file",
    "part_labels",
    "signable",
]
