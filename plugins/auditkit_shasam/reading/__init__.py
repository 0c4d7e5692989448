"""Inputs, sensitive groups, and which rows are learnt from. In: a subject; out come arrays that training takes."""
