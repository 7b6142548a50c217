"""A log, its checkpoints and its proofs altered at random, a kind at a time: each is found, or says the same."""
