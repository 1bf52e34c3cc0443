"""The plans room: each elder's care plan, goal by goal, with the services that serve it."""
