"""The auth room: who works for the town. There is no sign-in yet."""
