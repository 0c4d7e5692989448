"""Lists beside each other: by limit, by method, by iteration, by length. Certificates and lists that were made come in."""
