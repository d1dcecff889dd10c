"""Pure decisions of people: facts in, verdict with its reason out."""
