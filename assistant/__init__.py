"""The companion: words, understanding, safety, dialogue, replies, gateway and the command."""
