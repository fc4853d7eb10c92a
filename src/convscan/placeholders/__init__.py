"""Placeholders in templates: `styles` finds them in a text, `names` tells what their names stand for."""
