"""What operators do: holds, retention, erasure, blocks, and Acts that take two people."""
