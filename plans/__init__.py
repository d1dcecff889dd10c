"""Plans: the one plan of each child, its versions, its actions and their chase.

Promises that a child never has two open plans, that every agreed change stays readable as a
numbered version, and that each step of the ladder is taken exactly once.
"""
