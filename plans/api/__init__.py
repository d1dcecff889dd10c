"""The JSON doors of plans."""
