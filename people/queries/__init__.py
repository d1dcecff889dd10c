"""Reads of people: the directory, children, networks, accounts and who may see what."""
