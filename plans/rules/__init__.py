"""The decisions of plans: overdue, ladder, readiness, differences, review dates."""
