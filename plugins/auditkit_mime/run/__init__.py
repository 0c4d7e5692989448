"""The two audits, each read straight down from its parameters to its findings. In: all other rooms."""
