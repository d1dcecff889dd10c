"""The verbs of meetings: the only code that writes its tables."""
