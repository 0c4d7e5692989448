"""A score cut at many places: what every cut does to every group, and which cuts keep a limit."""
