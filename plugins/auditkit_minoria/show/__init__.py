"""Tables, charts and their findings, made from groups that were found; nothing is decided here."""
