"""What sampling of the reference can do to a number: bounds and intervals. Populations and arrays come in."""
