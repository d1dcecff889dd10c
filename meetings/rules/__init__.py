"""Pure decisions on meetings: facts and a procedure pack in, a verdict with its reason out."""
