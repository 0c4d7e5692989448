"""One repair from its rows to what it hands back: divide, read, repair, measure, say."""
