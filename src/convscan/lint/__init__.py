"""Lint template replies: the same engine as a scan, with places in files, suppressions and a baseline."""
