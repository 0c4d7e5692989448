"""From one number to the next: changes of rows that belong together, and between rows that are not the same."""
