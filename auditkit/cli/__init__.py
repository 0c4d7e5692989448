"""The command line: commands, options that become specs, what is printed, and the exit code. Everything comes in."""
