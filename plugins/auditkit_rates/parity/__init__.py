"""Selection compared in other ways: ratios to the highest rate, gaps within strata, standardised gaps of scores."""
