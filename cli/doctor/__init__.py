"""`assent doctor`: what is wrong, a line and a remedy for each."""
