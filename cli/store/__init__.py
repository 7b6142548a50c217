"""`assent store`: what is done to the store itself."""
