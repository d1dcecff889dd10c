"""The demo: its data, its post room, its command."""
