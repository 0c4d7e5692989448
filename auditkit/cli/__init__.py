"""The command line: its commands, the options that become specs, what is printed, and the exit code. Everything comes in."""
