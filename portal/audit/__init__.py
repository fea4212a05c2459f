"""The append-only, hash-chained trail. `record` is its only writer.

Import `record` and `record_read` from `portal.audit.record`.
"""
