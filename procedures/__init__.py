"""The partnership's rulebook: packs and their versions, conditions, working days, timescales."""
