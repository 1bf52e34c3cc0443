"""The family view: what an elder lets a relative see, and ordering for her."""
