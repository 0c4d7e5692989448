"""Lists whose first 10, first 20 and so on all keep one limit. Similarities and the limits of every prefix come in."""
