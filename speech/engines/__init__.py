"""The real engines, each in a process of its own: a native library that crashes or hangs costs one error."""
