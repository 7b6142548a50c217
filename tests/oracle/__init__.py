"""Google's own parser as an oracle over our corpus of GoogleSQL; opt-in, never in the product."""
