"""The model that is trained: a logistic regression that loads again, and the weights of its training rows."""
