"""The consents room: what an elder has agreed to, to whom she said it and how, and what she took back."""
