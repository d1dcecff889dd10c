"""The frozen catalogue of facts that rules may look at, and how they are read from the record."""
