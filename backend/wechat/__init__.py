"""The room of the WeChat channel: which signatures were used up, and which answers are still owed."""
