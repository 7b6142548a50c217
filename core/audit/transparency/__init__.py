"""The log as a transparency log: its tree, proofs, signed notes, checkpoints, witnesses, and whose signatures count."""
