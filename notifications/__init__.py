"""The mail room: it knows envelopes, calendar entries and answers, and never a child.

It promises that a queued message leaves once with one identity, that an answer which
arrived is kept before anything else happens to it, and that no field exists in which a
child, a school, another person or a user's own words could travel.
"""
