"""What one person asks of the running people's side: reviews, blocks, holds, keys, and signing in to do so."""
