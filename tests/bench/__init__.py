"""Speed and queries of the main pages, measured in this process on a database of its own.

`python -m tests.bench` prints one JSON line per measurement. Medians of five runs; the figures
belong to the machine they were taken on, the ratios travel better.
"""
