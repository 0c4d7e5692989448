"""What the first screen of every format says: plain values made from a report, worst first. Formats only lay it out."""
