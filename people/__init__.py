"""People: children and their networks, agencies and teams, accounts, and who may open what.

Promises that every door is decided by one policy function and that a child's network keeps
"not known" apart from "no".
"""
