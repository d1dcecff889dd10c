"""From an incident to a held meeting: what is needed, who is asked, who came, what was agreed."""
