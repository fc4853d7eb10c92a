"""What the readers of calls share: segments, clocks, speakers and their roles."""
