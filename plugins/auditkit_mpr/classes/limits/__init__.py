"""Lists under a limit on one class of functions; the class comes in."""
