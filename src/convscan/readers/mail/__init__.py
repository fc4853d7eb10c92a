"""What the readers of mail share: from stored bytes to threads with two sides."""
