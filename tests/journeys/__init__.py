"""The journeys of the people who use Confer, in a real browser on the demo's data."""
