"""What is predicted for each row: by columns, by a model, or by a cross-fitted baseline."""
