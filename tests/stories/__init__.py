"""The stories of the audits and of the field guide, told through both doors on both databases."""
