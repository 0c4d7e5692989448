"""The projected feature, and what the three theorems make of it. In: arrays and what was trained; no findings."""
