"""The tests: they mirror the code, and their names are sentences."""
