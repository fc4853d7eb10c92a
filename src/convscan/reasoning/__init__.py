"""What needs memory: which question stays open, and what the customer has given already."""
