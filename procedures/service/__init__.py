"""The verbs of procedures: the only writers of its tables."""
