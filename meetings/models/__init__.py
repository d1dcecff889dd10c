"""The tables of meetings."""
