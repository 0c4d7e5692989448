"""Classes of functions: each measures a list, and puts lists under limits. One query's candidates come in."""
