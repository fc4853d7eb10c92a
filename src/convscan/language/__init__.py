"""What each sentence is: its bounds, the zone it stands in, and what was found in it."""
