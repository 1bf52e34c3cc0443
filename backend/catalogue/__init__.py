"""The catalogue: dishes, canteens, menus and what is left of them; every name the companion can hear."""
