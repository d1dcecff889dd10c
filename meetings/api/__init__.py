"""The JSON doors of meetings."""
