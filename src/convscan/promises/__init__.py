"""What the agents' side promised in a conversation, by when, and what became of it."""
