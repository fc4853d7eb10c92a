"""What each turn does: thanks, apologises, asks, complains, and so on."""
