"""Lists as files: at once when they are short, in the background with progress when they are long.

An app registers a `Kind` by name; which rows there are is asked of it again by the worker, with the
rights that the asking post holds at that moment.
"""
