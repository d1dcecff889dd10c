"""What the pages and jobs of meetings read."""
