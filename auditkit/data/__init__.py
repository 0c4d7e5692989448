"""From a file, a data set's name or a loader's scheme to a checked Subject. Importing it loads no pandas."""
