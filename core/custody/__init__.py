"""What is kept, what must be, and what ends: holds, retention, erasure, and Acts that take two people."""
