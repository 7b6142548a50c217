"""The door for people over HTTP: sign-in, and the reviewers' and auditors' API."""
