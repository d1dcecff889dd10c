"""The pages of meetings, and the pages that join all rooms."""
