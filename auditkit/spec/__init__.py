"""What a run was asked to do: frozen dataclasses whose fields are recipe keys, options and schema at once."""
