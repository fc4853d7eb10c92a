"""Scan customer-support conversations for what harms the relationship."""
