"""What every room stands on: settings, clock, ids, database, doors, audit; no word of the field."""
