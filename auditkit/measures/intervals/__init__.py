"""How sure a number is: intervals, and their bounds at any level; counts and moments of `counting` come in."""
