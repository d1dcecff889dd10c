"""Pure answers about conditions, working days, timescales and the soundness of a pack."""
