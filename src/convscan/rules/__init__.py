"""Rules as data: their values, loading, and matching of their patterns."""
