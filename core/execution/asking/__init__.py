"""A Call that people are asked about: how often, what they are told of it, what they would let run."""
