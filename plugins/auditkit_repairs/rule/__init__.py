"""The cuts as a model: it finds each row's group and score in a table, decides, and loads again from one file."""
