"""Entry, tree, proofs, checkpoints and their verification; pure."""
