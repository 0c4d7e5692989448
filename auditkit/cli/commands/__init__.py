"""One command in each file: its options, and what it does with them. Nothing here is imported but by the program."""
