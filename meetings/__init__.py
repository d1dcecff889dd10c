"""From an incident to a held meeting: what must be held, who is asked, who came, what was agreed."""
