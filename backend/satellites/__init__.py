"""The room of satellites: small speakers in the homes, each with a token of its own."""
