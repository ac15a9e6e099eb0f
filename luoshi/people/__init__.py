"""Governments, their units under all names, who may do what, and the history of who did what."""
