"""Work that is handed to processes of this machine or of others; what comes back does not tell where it was done."""
