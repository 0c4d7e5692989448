"""What rows that the search did not see say of a group: gap, interval, p-value, verdict."""
