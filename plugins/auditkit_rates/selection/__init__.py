"""Selection tables as laws and guidelines define them: who was selected comes in, calculations come out, no opinion."""
