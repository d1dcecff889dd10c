"""Fictional rows made by the real services, by room."""
