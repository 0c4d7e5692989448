"""Lists of k under a limit, as numbers: relaxed optima, least reachable MPR, exchanges, proofs. Only arrays come in."""
