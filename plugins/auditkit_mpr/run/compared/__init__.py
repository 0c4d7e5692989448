"""Lists beside each other: by limit, by method, by iteration, by length. Certificates and made lists come in."""
