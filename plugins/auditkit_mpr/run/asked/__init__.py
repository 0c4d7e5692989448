"""What was asked: parameters and files, checked and read into one retrieval problem."""
