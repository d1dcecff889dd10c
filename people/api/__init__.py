"""The JSON doors of people."""
