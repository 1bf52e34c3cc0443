"""The learning room: what was misunderstood, what a person says was meant, and what came of it."""
