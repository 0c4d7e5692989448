"""What must hold: findings in, outcomes and a verdict out. Nothing else decides."""
