"""What the engine needs from outside, as small protocols. Adapters live in the outer rooms."""
