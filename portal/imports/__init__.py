"""Lists out of files: checked row by row in the background, shown, applied or not, undone.

An app registers a `Kind` by name; it says what a row would do and calls its own actions to do it,
with the rights that the sending post holds at that moment.
"""
