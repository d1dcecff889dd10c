"""The verbs of plans: the only writers of its tables."""
