"""What the companion does in a conversation: rasa-sdk handlers, a file per conversation."""
