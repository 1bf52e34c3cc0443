"""Care: carers, their skills and hours, and the half-hours that are promised."""
