"""P-values and bounds that rest on exact tails, right where events are few: counts in, arrays out."""
