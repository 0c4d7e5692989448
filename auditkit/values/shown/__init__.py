"""What a step shows and says beside its numbers: exhibits, answers, and numbers as people say them."""
