"""Plugin `mime`: whether including a minority helps the majority."""
