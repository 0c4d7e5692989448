"""The data sets that come with auditkit, each with its licence and caveat."""
