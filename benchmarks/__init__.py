"""Benchmarks: how fast, how steady, how it stands against a peer. Run ``python -m benchmarks`` (``make bench``)."""
