"""The WeChat official account: the platform's server-side protocol, and how an elder is answered in it."""
