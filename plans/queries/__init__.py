"""Reads of plans; each states how many statements it takes."""
