"""The notebook door: what the commands do, on tables, arrays and models in memory. Everything but the CLI comes in."""
