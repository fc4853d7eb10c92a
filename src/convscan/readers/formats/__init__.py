"""One module a format: each has a `READER`, found by `readers.registry`; adding a format is adding a file."""
