"""The check-ins room (关爱探访): how each elder was found, and what was followed up."""
