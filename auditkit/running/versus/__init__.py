"""What the data are compared with: another model, another table or a stored run, found, checked and paired."""
