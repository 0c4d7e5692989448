"""Encoders: built in, made by name, and the features they give."""
